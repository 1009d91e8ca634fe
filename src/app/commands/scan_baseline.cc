// testgen scan baseline audit | stats: what people say of accepted findings, and how often each
// rule was right by that.
#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "base/file_system.h"
#include "base/strings.h"
#include "emit/report_layout.h"
#include "scan/baseline/baseline.h"

namespace testgen::app {
namespace {

constexpr std::uint64_t kMaxBaselineBytes = 256U << 20U;

std::string unlabelled(const scan::Baseline& baseline) {
  std::string out;
  std::size_t left = 0;
  for (const auto& [key, accepted] : baseline.entries()) {
    if (accepted.label != scan::Label::None) continue;
    ++left;
    out += fmt::format("{}  {}  {}\n    {}\n", key.second, accepted.rule,
                       emit::printable(key.first), emit::printable(accepted.code));
  }
  return out + fmt::format("{} of {} without a label\n", left, baseline.size());
}

std::string stats(const scan::Baseline& baseline) {
  std::string out = fmt::format("{:<44} {:>8} {:>6} {:>6} {:>12}\n", "rule", "accepted", "true",
                                "false", "false rate");
  std::size_t right = 0;
  std::size_t wrong = 0;
  const auto rate = [](std::size_t yes, std::size_t no) {
    return yes + no == 0 ? std::string("-")
                         : fmt::format("{:.0f} %", 100.0 * static_cast<double>(no) /
                                                       static_cast<double>(yes + no));
  };
  for (const scan::RuleRates& row : scan::rates(baseline)) {
    right += row.right;
    wrong += row.wrong;
    out += fmt::format("{:<44} {:>8} {:>6} {:>6} {:>12}\n", emit::printable(row.rule), row.accepted,
                       row.right, row.wrong, rate(row.right, row.wrong));
  }
  return out + fmt::format("{:<44} {:>8} {:>6} {:>6} {:>12}\n", "all", baseline.size(), right,
                           wrong, rate(right, wrong));
}

}  // namespace

int scan_baseline(const BaselineCommand& action) {
  const std::string& file = action.settings.baseline;
  auto text = base::read_file(file, kMaxBaselineBytes);
  if (!text) return report_error(std::move(text).error());
  auto baseline = scan::Baseline::parse(*text);
  if (!baseline) return report_error(std::move(baseline).error().with_context(file));
  if (action.verb == "stats") return print(stats(*baseline));
  if (action.fingerprint.empty()) return print(unlabelled(*baseline));
  const scan::Label label = action.label ? scan::Label::True : scan::Label::False;
  if (auto set = baseline->set_label(action.fingerprint, label, action.reason); !set) {
    return report_error(set.error());
  }
  if (auto kept = base::write_file_atomic(file, baseline->text()); !kept) {
    return report_error(kept.error());
  }
  return kSuccess;
}

}  // namespace testgen::app
