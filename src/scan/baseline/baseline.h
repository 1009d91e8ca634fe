// What was found before and is accepted: a file that a project keeps, by fingerprints that survive
// moved lines. Parsing and writing are pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "scan/finding.h"

namespace testgen::scan {

class Baseline {
 public:
  // InvalidInput says what is wrong with the text.
  [[nodiscard]] static base::Result<Baseline> parse(std::string_view text);

  [[nodiscard]] bool has(const Finding& finding) const {
    return known_.contains({finding.file, finding.fingerprint});
  }
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  std::set<std::pair<std::string, std::string>> known_;  // file, fingerprint
};

inline constexpr std::string_view kInBaseline = "in the baseline";

// Open findings that the baseline knows become suppressed.
void apply_baseline(const Baseline& baseline, Report& report);

// The open findings and those of the baseline that applied, as JSON in a steady order.
[[nodiscard]] std::string baseline_text(const Report& report);

}  // namespace testgen::scan
