// Any bytes in place of a baseline: what is accepted is written as it was read, and can be
// labelled, counted and applied.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "scan/baseline/baseline.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto parsed = scan::Baseline::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!parsed) {
    TG_CHECK(parsed.error().message.starts_with("the baseline "));
    return 0;
  }
  const std::string text = parsed->text();
  const auto again = scan::Baseline::parse(text);
  TG_CHECK(again && again->text() == text && again->size() == parsed->size());
  std::size_t accepted = 0;
  for (const scan::RuleRates& row : scan::rates(*parsed)) {
    TG_CHECK(row.right + row.wrong <= row.accepted);
    accepted += row.accepted;
  }
  TG_CHECK(accepted == parsed->size());
  if (parsed->size() == 0) return 0;
  const auto key = parsed->entries().begin()->first;
  scan::Report report;
  scan::Finding& finding = report.files.emplace_back().findings.emplace_back();
  finding.file = key.first;
  finding.fingerprint = key.second;
  scan::apply_baseline(*parsed, report);
  TG_CHECK(!finding.suppressed.empty());
  if (parsed->set_label(key.second, scan::Label::False, "a reason")) {
    finding.suppressed.clear();
    scan::apply_baseline(*parsed, report);
    TG_CHECK(finding.suppressed == "a false alarm: a reason");
  }
  TG_CHECK(scan::Baseline::of(report, *parsed).size() >= 1);
  return 0;
}
