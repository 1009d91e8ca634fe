// One signal's way to an OTLP/HTTP receiver: the request around an encoded body, and what its
// fate means for the figures of otel.sdk.exporter.*. Logs when the receiver starts to fail and
// when it is back, not every batch. One thread sends.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "telemetry/export/delivery.h"
#include "telemetry/export/otlp_values.h"
#include "telemetry/export/receiver_log.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

struct OtlpTarget {
  std::string url;  // with its path; empty: nothing is sent
  OtlpProtocol protocol = OtlpProtocol::HttpProtobuf;
  bool gzip = false;
  net::Headers headers;
  net::TlsFiles tls;
  DeliveryTimes times;
};

// The otel.sdk.exporter.* rows of one signal.
struct ExporterFigures {
  Gauge inflight;
  CounterFamily<1> exported;  // error_type, empty when taken
  Histogram duration;
};
[[nodiscard]] ExporterFigures span_exporter_figures(Metrics& metrics);
[[nodiscard]] ExporterFigures log_exporter_figures(Metrics& metrics);
[[nodiscard]] ExporterFigures metric_exporter_figures(Metrics& metrics);

class OtlpSender {
 public:
  // `log` and `clock` are borrowed.
  OtlpSender(const OtlpTarget& target, const ExporterFigures& figures, Logger& log,
             const base::Clock& clock);

  // Sends `items` items. Returns when they are taken or lost, and counted.
  void send(std::string body, std::size_t items);
  void abort() { deliverer_.abort(); }
  [[nodiscard]] bool aborted() const { return deliverer_.aborted(); }
  [[nodiscard]] OtlpProtocol protocol() const { return target_.protocol; }

 private:
  void taken(const net::HttpResponse& response, std::size_t items);
  void lost(std::size_t items, std::string_view error_type, std::string_view reason);

  const OtlpTarget target_;
  const ExporterFigures figures_;
  ReceiverLog log_;
  Deliverer deliverer_;
};

}  // namespace testgen::telemetry
