// A service's memory of scanned files: what it may answer from it, and what it must not.
#include "app/scanned_files.h"

#include <gtest/gtest.h>

#include "scan/cache/codec.h"

namespace testgen::app {
namespace {

constexpr std::string_view kBad =
    "import os\nfrom flask import request\nos.system('ping ' + request.args['host'])\n";

std::shared_ptr<const scan::Rules> rules(bool audit = false) {
  auto loaded = scan::Rules::load({.folder = "", .audit = audit, .only = {}});
  EXPECT_TRUE(loaded);
  return *std::move(loaded);
}

class ScannedFilesTest : public ::testing::Test {
 protected:
  scan::FileReport scan(std::string_view name, std::string_view text,
                        std::string_view tenant = "t") {
    return files_.scan(*rules_, tenant, name, text);
  }
  std::shared_ptr<const scan::Rules> rules_ = rules();
  ScannedFiles files_;
};

TEST_F(ScannedFilesTest, TheSameFileIsScannedOnceAndSaysTheSame) {
  const scan::FileReport first = scan("src/a.py", kBad);
  const scan::FileReport again = scan("src/a.py", kBad);
  EXPECT_FALSE(first.cached);
  EXPECT_TRUE(again.cached);
  EXPECT_EQ(scan::encode_report(first), scan::encode_report(again));
  EXPECT_EQ(again.file, "src/a.py");
  ASSERT_EQ(again.findings.size(), 1U);
  EXPECT_EQ(again.findings[0].file, "src/a.py");
}

TEST_F(ScannedFilesTest, AFileThatMovedIsNamedAsItIsNow) {
  (void)scan("old/a.py", kBad);
  const scan::FileReport moved = scan("new/a.py", kBad);
  EXPECT_TRUE(moved.cached);
  EXPECT_EQ(moved.file, "new/a.py");
  EXPECT_EQ(moved.findings[0].file, "new/a.py");
}

TEST_F(ScannedFilesTest, AnotherTextNameTenantOrRuleIsAnotherQuestion) {
  (void)scan("a.py", kBad);
  EXPECT_FALSE(scan("a.py", std::string(kBad) + "\n").cached);
  EXPECT_FALSE(scan("a.js", kBad).cached);
  EXPECT_FALSE(scan("a.py", kBad, "another").cached);
  EXPECT_FALSE(files_.scan(*rules(true), "t", "a.py", kBad).cached);
  EXPECT_TRUE(scan("a.py", kBad).cached);
}

TEST_F(ScannedFilesTest, AFileThatCannotBeScannedIsTriedAgain) {
  const std::string binary("a\0b", 3);
  EXPECT_TRUE(scan("a.py", binary).error);
  EXPECT_FALSE(scan("a.py", binary).cached);
}

TEST_F(ScannedFilesTest, IsBoundedInBytes) {
  ScannedFiles small(1200);  // two small reports
  const auto cached = [&](std::string_view name) {
    return small.scan(*rules_, "t", name, "x = 1\n").cached;
  };
  for (const char* name : {"a.py", "b.py", "c.py", "d.py", "e.py"}) EXPECT_FALSE(cached(name));
  EXPECT_TRUE(cached("e.py"));
  EXPECT_FALSE(cached("a.py"));
}

}  // namespace
}  // namespace testgen::app
