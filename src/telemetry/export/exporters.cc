#include "telemetry/export/exporters.h"

#include "telemetry/export/otlp_span_exporter.h"

namespace testgen::telemetry {

std::string signal_url(std::string_view base, std::string_view signal) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base) + "/v1/" + std::string(signal);
}

base::Status check_url(std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    const std::string_view rest = url.substr(scheme.size());
    if (!rest.empty() && rest.front() != '/') return {};
  }
  return base::Error{base::ErrorCode::InvalidArgument,
                     "the endpoint is not an http or https URL: " + std::string(url),
                     "for example http://127.0.0.1:4318"};
}

base::Result<std::unique_ptr<Exporters>> Exporters::create(const ExportOptions& options,
                                                           const Resource& resource, Registry&,
                                                           Metrics& metrics, Logger& log,
                                                           const base::Clock& clock) {
  std::unique_ptr<Exporters> exporters(new Exporters());
  if (!options.traces.url.empty()) {
    TG_TRY(check_url(options.traces.url));
    exporters->spans_ = std::make_unique<OtlpSpanExporter>(options.traces, options.span_batch,
                                                           resource, metrics, log, clock);
  }
  return exporters;
}

Exporters::~Exporters() = default;

SpanExporter* Exporters::spans() {
  return spans_.get();
}

void Exporters::shutdown(base::SteadyTime deadline) {
  if (spans_) spans_->shutdown(deadline);
}

}  // namespace testgen::telemetry
