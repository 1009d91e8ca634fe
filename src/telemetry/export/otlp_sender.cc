#include "telemetry/export/otlp_sender.h"

#include <algorithm>

#include "base/gzip.h"
#include "telemetry/export/otlp_response.h"

namespace testgen::telemetry {
namespace {

// Receivers take at least this much; a larger request must not be sent (OTLP specification).
constexpr std::size_t kMaxRequestBytes = 64U << 20U;
constexpr std::size_t kMaxResponseBytes = 4U << 20U;

}  // namespace

ExporterFigures span_exporter_figures(Metrics& metrics) {
  return {metrics.otel_span_inflight, metrics.otel_span_exported_total,
          metrics.otel_export_duration_seconds};
}

ExporterFigures log_exporter_figures(Metrics& metrics) {
  return {metrics.otel_log_inflight, metrics.otel_log_exported_total,
          metrics.otel_export_duration_seconds};
}

ExporterFigures metric_exporter_figures(Metrics& metrics) {
  return {metrics.otel_data_point_inflight, metrics.otel_data_point_exported_total,
          metrics.otel_export_duration_seconds};
}

OtlpSender::OtlpSender(const OtlpTarget& target, const ExporterFigures& figures, Logger& log,
                       const base::Clock& clock)
    : target_(target), figures_(figures), log_(log, target.url), deliverer_(target.times, clock) {}

void OtlpSender::send(std::string body, std::size_t items) {
  if (body.size() > kMaxRequestBytes) {
    lost(items, "too_large", "a batch is larger than a receiver must accept");
    return;
  }
  net::HttpRequest request;
  request.method = "POST";
  request.url = target_.url;
  request.headers = target_.headers;
  request.headers.emplace_back("Content-Type", target_.protocol == OtlpProtocol::HttpJson
                                                   ? "application/json"
                                                   : "application/x-protobuf");
  request.max_response_bytes = kMaxResponseBytes;
  request.tls = target_.tls;
  if (target_.gzip) {
    request.headers.emplace_back("Content-Encoding", "gzip");
    request.body = base::gzip(body);
  } else {
    request.body = std::move(body);
  }
  const auto count = static_cast<double>(items);
  figures_.inflight.add(count);
  const Delivery delivery =
      deliverer_.send(request, [this](double seconds) { figures_.duration.observe(seconds); });
  if (delivery.taken) {
    taken(delivery.response, items);
  } else {
    lost(items, delivery.error_type, delivery.reason);
  }
  figures_.inflight.add(-count);
}

void OtlpSender::taken(const net::HttpResponse& response, std::size_t items) {
  const auto partial = parse_partial_success(target_.protocol, response.body);
  std::size_t rejected = 0;
  if (partial && partial->rejected > 0) {
    rejected = std::min(items, static_cast<std::size_t>(partial->rejected));
  }
  if (items > rejected) figures_.exported.with("").add(items - rejected);
  if (rejected > 0) {  // must not be sent again
    lost(rejected, "partial_success", partial->message);
  } else if (partial && !partial->message.empty()) {
    log_.warned(partial->message);
  } else {
    log_.accepted();
  }
}

void OtlpSender::lost(std::size_t items, std::string_view error_type, std::string_view reason) {
  figures_.exported.with(error_type).add(items);
  log_.lost(error_type, reason);
}

}  // namespace testgen::telemetry
