// What a Prometheus knows: figures at a moment, figures over time, and its alert rules. The answers
// are read as hostile input: anything odd is an error, not a crash.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "operations/sources/http_source.h"

namespace testgen::operations {

using Labels = std::map<std::string, std::string, std::less<>>;

struct Sample {
  Labels labels;
  double value = 0;  // may be NaN or infinite
};

struct Series {
  Labels labels;
  std::vector<std::pair<double, double>> points;  // seconds since the epoch, value; ascending
};

struct AlertRule {
  std::string name;
  std::string expression;
  std::chrono::seconds hold{0};  // its `for`
  std::string severity;          // its label, empty when it has none
};

class Prometheus {
 public:
  Prometheus(HttpSourceOptions options, net::HttpClient& client);

  // A scalar is one sample without labels.
  [[nodiscard]] base::Result<std::vector<Sample>> instant(std::string_view expression,
                                                          base::WallTime at) const;
  [[nodiscard]] base::Result<std::vector<Series>> range(std::string_view expression,
                                                        base::WallTime from, base::WallTime to,
                                                        std::chrono::seconds step) const;
  // The samples as they were stored: `selector` names a span, such as x[7d].
  [[nodiscard]] base::Result<std::vector<Series>> samples(std::string_view selector,
                                                          base::WallTime at) const;
  // One for each name; of several rules with one name, the first.
  [[nodiscard]] base::Result<std::vector<AlertRule>> alert_rules() const;

 private:
  HttpSource source_;
};

// The answers' readers. Pure.
[[nodiscard]] base::Result<std::vector<Sample>> read_instant(std::string_view answer);
[[nodiscard]] base::Result<std::vector<Series>> read_range(std::string_view answer);
[[nodiscard]] base::Result<std::vector<AlertRule>> read_alert_rules(std::string_view answer);

}  // namespace testgen::operations
