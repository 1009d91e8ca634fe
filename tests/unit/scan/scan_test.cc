#include "scan/scan.h"

#include <thread>

#include "scan_fixture.h"

namespace testgen::scan {
namespace {

constexpr std::string_view kBad =
    "import os\nfrom flask import request\nos.system(request.args['x'])\n";

TEST(Scan, FindsTheSameWithoutThePrefilter) {
  ScanOptions all;
  all.prefilter = false;
  EXPECT_EQ(scan_file(built_in(), "a.py", kBad, all).findings.size(), 1U);
  EXPECT_EQ(scan_file(built_in(), "a.py", kBad).findings.size(), 1U);
}

TEST(Scan, DoesNotParseWhatNoRuleIsAbout) {
  EXPECT_FALSE(scan_file(built_in(), "a.py", "zzz = yyy\n").parsed);
  EXPECT_TRUE(scan_file(built_in(), "a.py", kBad).parsed);
  // Rules also speak of names by an expression.
  EXPECT_TRUE(scan_file(built_in(), "a.py", "db_password = yyy\n").parsed);
}

TEST(Scan, RefusesHugeAndBinaryFilesAndSaysSo) {
  ScanOptions small;
  small.limits.max_bytes = 10;
  const FileReport huge = scan_file(built_in(), "a.py", kBad, small);
  ASSERT_TRUE(huge.error);
  EXPECT_EQ(huge.error->code, base::ErrorCode::TooLarge);
  const FileReport binary = scan_file(built_in(), "a.py", std::string_view("a\0b", 3));
  ASSERT_TRUE(binary.error);
  EXPECT_EQ(binary.error->code, base::ErrorCode::InvalidInput);
}

TEST(Scan, LooksOnlyForSecretsInPackedFiles) {
  const FileReport report =
      scan_file(built_in(), "a.js", "var a=" + std::string(30'000, '1') + ";");
  EXPECT_FALSE(report.parsed);
  ASSERT_EQ(report.notes.size(), 1U);
}

TEST(Scan, KeepsFingerprintsWhenLinesMove) {
  const auto before = findings_in("a.py", kBad);
  const auto after = findings_in("a.py", "\n\n# new\n" + std::string(kBad));
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(after.size(), 1U);
  EXPECT_NE(before[0].place.line, after[0].place.line);
  EXPECT_EQ(before[0].fingerprint, after[0].fingerprint);
}

TEST(Scan, SaysOnceWhatSeveralRulesSuspect) {
  const auto followed = found_in("a.py", kBad);
  EXPECT_EQ(followed, (std::vector<std::string>{"python/command-injection:3"}));
  EXPECT_EQ(found_in("a.py", "import os\ndef f(x):\n    os.system(x)\n"),
            (std::vector<std::string>{"python/shell-true:3"}));
}

TEST(Scan, TellsFindingsApartThatLookAlike) {
  const auto found = findings_in("a.py", std::string(kBad) + "os.system(request.args['x'])\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NE(found[0].fingerprint, found[1].fingerprint);
}

TEST(Scan, IsThreadSafe) {
  std::vector<std::jthread> threads;
  std::vector<std::size_t> counts(4);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    threads.emplace_back([&counts, i] {
      for (int n = 0; n < 20; ++n) counts[i] += findings_in("a.py", kBad).size();
    });
  }
  threads.clear();
  for (const std::size_t count : counts) EXPECT_EQ(count, 20U);
}

TEST(Scan, RefusesRulesThatAreNotThere) {
  const auto rules = Rules::load({.only = {"no/such"}});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().code, base::ErrorCode::InvalidArgument);
}

TEST(Scan, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const Report report = scan(built_in(), {{"a.py", std::string(kBad)}}, {}, source.get_token());
  EXPECT_TRUE(report.interrupted);
  EXPECT_TRUE(report.files.empty());
}

}  // namespace
}  // namespace testgen::scan
