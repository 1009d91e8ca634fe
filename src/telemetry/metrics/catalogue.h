// The one table of metrics: what is declared here exists, and nothing else does. Registry makes
// a family of every row, Metrics binds a handle to it, the documentation is printed from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::telemetry {

enum class MetricType : std::uint8_t {
  Counter,          // counted by the program, exact over all threads
  ObservedCounter,  // read from elsewhere at each scrape (CPU seconds); a double
  Gauge,
  Histogram,
};

struct LabelSpec {
  std::string name;
  std::vector<std::string> values;  // known values; their combinations exist from the start
  bool closed = false;              // any other value is counted as "other"
};

struct MetricSpec {
  std::string name;  // as exposed in text 0.0.4
  MetricType type = MetricType::Counter;
  std::string unit;  // "seconds", "bytes", "ratio", …; empty when the name carries none
  std::string help;
  std::vector<LabelSpec> labels;
  std::vector<double> bounds;    // histograms: upper bounds, ascending, without +Inf
  std::uint32_t series_cap = 1;  // more label combinations than this share one `other` series
  std::string feature;           // what moves it
  bool landed = true;            // false: its feature is still to come, and it is not exposed
  bool fixed = false;            // named by the specification: exposed at zero all the same
  bool debug = false;            // shown only with debug metrics
};

// All rows, in the order of exposition.
[[nodiscard]] std::span<const MetricSpec> catalogue();

inline constexpr std::string_view kOverflowLabel = "other";

}  // namespace testgen::telemetry
