// One scrape of /metrics, as values that can be asked: sums, quantiles of histograms, and the
// difference to an earlier scrape. Reads the text format 0.0.4; lines it does not understand are
// left out. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operations/sources/prometheus.h"

namespace testgen::operations {

struct PageSample {
  std::string name;
  Labels labels;
  double value = 0;
};

using Match = std::vector<std::pair<std::string_view, std::string_view>>;  // label, value

class MetricsPage {
 public:
  [[nodiscard]] static MetricsPage read(std::string_view text);

  [[nodiscard]] bool empty() const { return samples_.empty(); }
  [[nodiscard]] const std::vector<PageSample>& samples() const { return samples_; }
  // Of all series of that name that match; nothing when there is none.
  [[nodiscard]] std::optional<double> sum(std::string_view name, const Match& match = {}) const;
  // By the values of one label.
  [[nodiscard]] std::map<std::string, double> by(std::string_view name, std::string_view label,
                                                 const Match& match = {}) const;
  // Of a histogram, interpolated as Prometheus does; nothing without observations.
  [[nodiscard]] std::optional<double> quantile(std::string_view histogram, double q,
                                               const Match& match = {}) const;
  // What was added since an earlier page of the same process: counters and histograms subtracted,
  // gauges as they are now. Series that went down are as they are now: the process began anew.
  [[nodiscard]] MetricsPage since(const MetricsPage& earlier) const;

 private:
  std::vector<PageSample> samples_;
};

}  // namespace testgen::operations
