// Any lines in place of what a run of a test file reports, and the verdicts drawn from them: only
// tests that were asked about are judged, and none is kept without having passed.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/strings.h"
#include "verify/run_report.h"
#include "verify/verdicts.h"

using namespace testgen;

namespace {

// Two tests with an item each, the second with two assertions, and a table of two.
model::RenderedSuite suite() {
  return {"", {{"test_a", {0}}, {"TestCart::test_b", {1}}, {"test_c[x]", {2}}, {"test_c[y]", {3}}}};
}

std::vector<model::TestCase> cases() {
  std::vector<model::TestCase> out(4);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].name = "test_" + std::to_string(i);
  out[1].assertions.resize(2);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  verify::RunReport report;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string& line : base::split(text, '\n')) verify::read_reply(line, report);
  for (const auto& [name, item] : report.items) {
    TG_CHECK(name.size() <= 400 && item.problem.size() <= 600 && item.moved.size() <= 64);
  }
  if (report.coverage) TG_CHECK(report.coverage->lines_covered <= report.coverage->lines_total);
  verify::Verdicts verdicts;
  verify::add_verdicts(report, suite(), verdicts);
  auto tests = cases();
  std::vector<model::Omission> dropped;
  const auto gone = verify::keep_passed(verdicts, "why", tests, dropped);
  TG_CHECK(tests.size() + dropped.size() == 4 && gone <= 1);
  for (const auto& test : tests) {
    const std::size_t index = static_cast<std::size_t>(test.name.back() - '0');
    TG_CHECK(verdicts.contains(index) && verdicts[index].passed);
    TG_CHECK(index != 1 || !test.assertions.empty());
  }
  return 0;
}
