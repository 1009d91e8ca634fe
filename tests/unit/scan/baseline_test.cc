#include "scan/baseline/baseline.h"

#include "scan_fixture.h"

namespace testgen::scan {
namespace {

constexpr const char* kBad = "import os\nfrom flask import request\nos.system(request.args['x'])\n";

Report scanned(const std::string& text) {
  return scan(built_in(), {{"a.py", text}});
}

TEST(Baseline, AcceptsWhatItHasAlsoWhenLinesMove) {
  const auto baseline = Baseline::parse(baseline_text(scanned(kBad)));
  ASSERT_TRUE(baseline) << base::describe(baseline.error());
  EXPECT_EQ(baseline->size(), scanned(kBad).open().size());
  Report later = scanned(std::string("# one\n# two\n") + kBad);
  ASSERT_FALSE(later.open().empty());
  apply_baseline(*baseline, later);
  EXPECT_TRUE(later.open().empty());
  EXPECT_EQ(later.files[0].findings[0].suppressed, kInBaseline);
}

TEST(Baseline, LetsNewFindingsThrough) {
  const auto baseline = Baseline::parse(baseline_text(scanned(kBad)));
  ASSERT_TRUE(baseline);
  Report later = scanned(std::string(kBad) + "os.popen(request.args['y'])\n");
  apply_baseline(*baseline, later);
  ASSERT_FALSE(later.open().empty());
  for (const Finding* finding : later.open()) EXPECT_EQ(finding->place.line, 4U);
}

TEST(Baseline, StaysTheSameWhenWrittenAgain) {
  const std::string first = baseline_text(scanned(kBad));
  Report again = scanned(kBad);
  apply_baseline(*Baseline::parse(first), again);
  EXPECT_EQ(baseline_text(again), first);
}

TEST(Baseline, RefusesWhatItIsNot) {
  for (const char* const text :
       {"", "[]", "{}", R"({"schema": 2, "findings": []})", R"({"schema": 1})",
        R"({"schema": 1, "findings": [1]})", R"({"schema": 1, "findings": [{"file": 1}]})"}) {
    EXPECT_FALSE(Baseline::parse(text)) << text;
  }
}

}  // namespace
}  // namespace testgen::scan
