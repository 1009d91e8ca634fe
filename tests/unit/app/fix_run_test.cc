#include "app/fix_run.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file_system.h"

namespace testgen::app {
namespace {

constexpr std::string_view kBad = "import requests\nrequests.get(u, verify=False)\n";

class Fixing : public testing::Test {
 protected:
  void SetUp() override {
    auto made = base::TempDir::create("fix-run");
    ASSERT_TRUE(made);
    folder_.emplace(*std::move(made));
    auto rules = scan::Rules::load({});
    ASSERT_TRUE(rules);
    rules_ = *std::move(rules);
    settings_.max_file_size = 1U << 20U;
    settings_.min_severity = "low";
    file_ = (folder_->path() / "a.py").string();
    write(kBad);
    report_.files.push_back(scan::scan_file(*rules_, file_, kBad));
  }
  void write(std::string_view text) const { std::ofstream(file_, std::ios::binary) << text; }
  [[nodiscard]] std::string text() const { return *base::read_file(file_, 1000); }
  FixOutcome run(std::stop_token stop = {}) {
    return FixRun{settings_, *rules_, baseline_, std::move(stop)}.run(report_);
  }
  std::optional<base::TempDir> folder_;
  std::shared_ptr<const scan::Rules> rules_;
  config::Settings settings_;
  scan::Baseline baseline_;
  std::string file_;
  scan::Report report_;
};

TEST_F(Fixing, WritesTheFileAndReportsWhatItIsNow) {
  const FixOutcome done = run();
  EXPECT_EQ(done.findings, 1U);
  EXPECT_EQ(text(), "import requests\nrequests.get(u, verify=True)\n");
  EXPECT_TRUE(report_.open().empty());
}

TEST_F(Fixing, LeavesAFileAloneThatChangedSinceItWasScanned) {
  const std::string changed = "import requests\n\nrequests.get(u, verify=False)\n";
  write(changed);
  const FixOutcome done = run();
  EXPECT_EQ(done.findings, 0U);
  ASSERT_EQ(done.errors.size(), 1U);
  EXPECT_EQ(done.errors[0].code, base::ErrorCode::Conflict);
  EXPECT_EQ(text(), changed);
  EXPECT_EQ(report_.open().size(), 1U);
}

TEST_F(Fixing, NamesAFileThatIsGone) {
  std::filesystem::remove(file_);
  const FixOutcome done = run();
  ASSERT_EQ(done.errors.size(), 1U);
  EXPECT_NE(done.errors[0].message.find("a.py"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(Fixing, StopsBetweenFiles) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(run(stop.get_token()).findings, 0U);
  EXPECT_EQ(text(), kBad);
  EXPECT_TRUE(report_.interrupted);
}

TEST(FixOutcome, IsToldInWords) {
  EXPECT_EQ(describe({.findings = 1, .files = 1, .left = 0, .diff = "", .errors = {}}, false),
            "fixed 1 finding in 1 file");
  EXPECT_EQ(describe({.findings = 3, .files = 2, .left = 1, .diff = "", .errors = {}}, true),
            "would fix 3 findings in 2 files; 1 more can be fixed by running it again");
}

}  // namespace
}  // namespace testgen::app
