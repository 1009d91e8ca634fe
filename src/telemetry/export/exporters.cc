#include "telemetry/export/exporters.h"

#include "telemetry/export/otlp_log_exporter.h"
#include "telemetry/export/otlp_metric_exporter.h"
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

Exporters::Exporters(const ExportOptions& options, Resource resource, const World& world)
    : options_(options), resource_(std::move(resource)), world_(world) {}

base::Result<std::unique_ptr<Exporters>> Exporters::create(const ExportOptions& options,
                                                           Resource resource, const World& world) {
  for (const std::string& url : {options.traces.url, options.metrics.url, options.logs.url,
                                 options.new_relic.url, options.final_push.pushgateway}) {
    if (!url.empty()) TG_TRY(check_url(url));
  }
  std::unique_ptr<Exporters> made(new Exporters(options, std::move(resource), world));
  if (!options.traces.url.empty()) {
    made->spans_ = std::make_unique<OtlpSpanExporter>(
        options.traces, options.span_batch, made->resource_, world.metrics, world.log, world.clock);
  }
  if (!options.logs.url.empty()) {
    made->logs_ = std::make_unique<OtlpLogExporter>(
        options.logs, options.log_batch, made->resource_, world.metrics, world.log, world.clock);
    world.log.forward_to(made->logs_.get());
  }
  return made;
}

base::Status Exporters::start_metrics(std::function<Readiness()> readiness) {
  if (!options_.metrics.url.empty()) {
    metrics_ = std::make_unique<OtlpMetricExporter>(
        options_.metrics, options_.metric_encoding, options_.metric_interval, resource_,
        world_.registry, world_.metrics, world_.log, world_.clock);
  }
  if (!options_.new_relic.key.empty()) {
    new_relic_ = std::make_unique<NewRelicExporter>(options_.new_relic, resource_, world_.registry,
                                                    world_.metrics, world_.log, world_.clock);
  }
  if (!options_.dogstatsd.url.empty()) {
    TG_ASSIGN(dogstatsd_,
              DogStatsdExporter::create(options_.dogstatsd, world_.registry, world_.metrics,
                                        world_.log, std::move(readiness)));
  }
  return {};
}

Exporters::~Exporters() {
  if (logs_) world_.log.forward_to(nullptr);
}

SpanExporter* Exporters::spans() {
  return spans_.get();
}

base::Status Exporters::shutdown(base::SteadyTime deadline) {
  if (std::exchange(ended_, true)) return {};
  if (spans_) spans_->shutdown(deadline);
  base::Status written;
  if (!options_.final_push.textfile.empty()) {
    written = write_textfile(options_.final_push, world_.registry, world_.metrics);
  }
  if (!options_.final_push.pushgateway.empty()) {
    push_to_gateway(options_.final_push, world_.registry, world_.metrics, world_.log, world_.clock);
  }
  if (dogstatsd_) dogstatsd_->shutdown(deadline);
  if (new_relic_) new_relic_->shutdown(deadline);
  if (metrics_) metrics_->shutdown(deadline);
  // Last, because the others may have had something to say.
  if (logs_) logs_->shutdown(deadline);
  return written;
}

}  // namespace testgen::telemetry
