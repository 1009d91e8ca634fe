#include "scan/baseline/baseline.h"

#include "scan_fixture.h"

namespace testgen::scan {
namespace {

constexpr const char* kBad = "import os\nfrom flask import request\nos.system(request.args['x'])\n";

Report scanned(const std::string& text) {
  return scan(built_in(), {{"a.py", text}});
}

TEST(Baseline, AcceptsWhatItHasAlsoWhenLinesMove) {
  const auto baseline = Baseline::parse(Baseline::of(scanned(kBad), {}).text());
  ASSERT_TRUE(baseline) << base::describe(baseline.error());
  EXPECT_EQ(baseline->size(), scanned(kBad).open().size());
  Report later = scanned(std::string("# one\n# two\n") + kBad);
  ASSERT_FALSE(later.open().empty());
  apply_baseline(*baseline, later);
  EXPECT_TRUE(later.open().empty());
  EXPECT_EQ(later.files[0].findings[0].suppressed, kInBaseline);
}

TEST(Baseline, LetsNewFindingsThrough) {
  const auto baseline = Baseline::parse(Baseline::of(scanned(kBad), {}).text());
  ASSERT_TRUE(baseline);
  Report later = scanned(std::string(kBad) + "os.popen(request.args['y'])\n");
  apply_baseline(*baseline, later);
  ASSERT_FALSE(later.open().empty());
  for (const Finding* finding : later.open()) EXPECT_EQ(finding->place.line, 4U);
}

TEST(Baseline, StaysTheSameWhenWrittenAgain) {
  const std::string first = Baseline::of(scanned(kBad), {}).text();
  Report again = scanned(kBad);
  apply_baseline(*Baseline::parse(first), again);
  EXPECT_EQ(Baseline::of(again, *Baseline::parse(first)).text(), first);
}

TEST(Baseline, KeepsLabelsAndSaysWhy) {
  Baseline baseline = Baseline::of(scanned(kBad), {});
  ASSERT_GE(baseline.size(), 1U);
  const std::string fingerprint = baseline.entries().begin()->first.second;
  EXPECT_FALSE(baseline.set_label("nothing", Label::False, "r"));
  EXPECT_FALSE(baseline.set_label("", Label::False, "r"));
  ASSERT_TRUE(baseline.set_label(fingerprint.substr(0, 12), Label::False, "the host is fixed"));
  const auto read = Baseline::parse(baseline.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text(), baseline.text());
  Report later = scanned(kBad);
  apply_baseline(*read, later);
  EXPECT_EQ(later.files[0].findings[0].suppressed, "a false alarm: the host is fixed");
  EXPECT_EQ(Baseline::of(later, *read).text(), baseline.text());
  // Labels outlive their findings.
  EXPECT_EQ(Baseline::of(scanned("x = 1\n"), *read).size(), 1U);
  const auto rows = rates(*read);
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows[0].wrong, 1U);
  EXPECT_EQ(rows[0].right, 0U);
}

TEST(Baseline, RefusesWhatItIsNot) {
  for (const char* const text :
       {"", "[]", "{}", R"({"schema": 2, "findings": []})", R"({"schema": 1})",
        R"({"schema": 1, "findings": [1]})", R"({"schema": 1, "findings": [{"file": 1}]})",
        R"({"schema": 1, "findings": [{"file": "a", "fingerprint": "b", "label": "maybe"}]})"}) {
    EXPECT_FALSE(Baseline::parse(text)) << text;
  }
}

}  // namespace
}  // namespace testgen::scan
