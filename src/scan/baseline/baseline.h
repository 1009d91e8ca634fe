// What was found before and is accepted: a file that a project keeps, by fingerprints that survive
// moved lines, with what people said of each finding: that it is true, or a false alarm, and why.
// Parsing and writing are pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "scan/finding.h"

namespace testgen::scan {

enum class Label : std::uint8_t { None, True, False };

struct Accepted {
  std::string rule;
  std::string code;
  Label label = Label::None;
  std::string reason;  // of the label
};

class Baseline {
 public:
  using Entries = std::map<std::pair<std::string, std::string>, Accepted>;  // file, fingerprint

  // InvalidInput says what is wrong with the text.
  [[nodiscard]] static base::Result<Baseline> parse(std::string_view text);

  // What is open in the report or was accepted before and is still there; labels are kept, also
  // those of findings that are gone, as they say how often a rule is right.
  [[nodiscard]] static Baseline of(const Report& report, const Baseline& before);

  // Labels the one entry whose fingerprint begins like this. NotFound, or InvalidArgument when
  // there are several.
  [[nodiscard]] base::Status set_label(std::string_view fingerprint, Label label,
                                       std::string_view reason);

  [[nodiscard]] const Accepted* find(const Finding& finding) const {
    const auto found = entries_.find({finding.file, finding.fingerprint});
    return found == entries_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const Entries& entries() const { return entries_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // As JSON in a steady order.
  [[nodiscard]] std::string text() const;

 private:
  Entries entries_;
};

inline constexpr std::string_view kInBaseline = "in the baseline";
inline constexpr std::string_view kFalseAlarm = "a false alarm: ";

// Open findings that the baseline knows become suppressed.
void apply_baseline(const Baseline& baseline, Report& report);

struct RuleRates {
  std::string rule;
  std::size_t accepted = 0;
  std::size_t right = 0;  // labelled true
  std::size_t wrong = 0;  // labelled false
};
// How often each rule was right, by what people said; the most often wrong first.
[[nodiscard]] std::vector<RuleRates> rates(const Baseline& baseline);

}  // namespace testgen::scan
