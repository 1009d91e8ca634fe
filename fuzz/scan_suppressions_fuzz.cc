// Any text with comments that ignore findings: each is about a line of the text or the one after,
// and has a reason; without one it ignores nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "scan/suppress/comments.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::uint32_t> unreasoned;
  const auto all = scan::read_suppressions(text, &unreasoned);
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n') + 1);
  TG_CHECK(all.size() + unreasoned.size() <= lines);
  TG_CHECK(std::is_sorted(unreasoned.begin(), unreasoned.end()));
  for (const std::uint32_t line : unreasoned) TG_CHECK(line >= 1 && line <= lines);
  for (const scan::Suppression& one : all) {
    TG_CHECK(one.line >= 1 && one.line <= lines + 1);
    TG_CHECK(!one.reason.empty());
    for (const std::string& rule : one.rules) TG_CHECK(!rule.empty());
    scan::Finding finding;
    finding.rule = one.rules.empty() ? "any/rule" : one.rules.front();
    finding.place = {one.line, 1, one.line, 2};
    std::vector<scan::Finding> findings{finding};
    scan::apply_suppressions(all, findings);
    TG_CHECK(!findings.front().suppressed.empty());
    findings.front().suppressed.clear();
    findings.front().place = {lines + 2, 1, lines + 2, 2};
    scan::apply_suppressions(all, findings);
    TG_CHECK(findings.front().suppressed.empty());
  }
  return 0;
}
