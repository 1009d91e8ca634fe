// What became of the metrics pushed to receivers that do not speak OTLP, counted by exporter.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

class PushFigures {
 public:
  // `exporter` is a constant: dogstatsd, new_relic, pushgateway or textfile.
  PushFigures(Metrics& metrics, std::string_view exporter)
      : pushed_(metrics.telemetry_pushed_total), exporter_(exporter) {}
  void sent(std::size_t points) const {
    if (points > 0) pushed_.with(exporter_, "").add(points);
  }
  void lost(std::size_t points, std::string_view error_type) const {
    if (points > 0) pushed_.with(exporter_, error_type).add(points);
  }

 private:
  CounterFamily<2> pushed_;
  std::string_view exporter_;
};

}  // namespace testgen::telemetry
