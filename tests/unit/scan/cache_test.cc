#include "scan/cache/cache.h"

#include <fstream>

#include "base/file_system.h"
#include "scan/cache/codec.h"
#include "scan_fixture.h"

namespace testgen::scan {
namespace {

constexpr std::uint64_t kLater = std::uint64_t{4'000'000'000} * 1'000'000'000U;  // nanoseconds
constexpr std::string_view kBad =
    "import os\nfrom flask import request\nos.system('ping ' + request.args['host'])\n";

FileReport bad_report(const std::string& name = "bad.py") {
  return scan_file(built_in(), name, kBad);
}

TEST(ReportCodec, GivesBackWhatItWasGiven) {
  const FileReport report = bad_report();
  ASSERT_FALSE(report.findings.empty());
  const auto back = decode_report(encode_report(report));
  ASSERT_TRUE(back);
  EXPECT_EQ(encode_report(*back), encode_report(report));
  const Finding& one = back->findings.front();
  EXPECT_EQ(one.message, report.findings.front().message);
  EXPECT_EQ(one.place, report.findings.front().place);
  ASSERT_EQ(one.flow.size(), report.findings.front().flow.size());
  EXPECT_EQ(one.flow.front().what, report.findings.front().flow.front().what);
  EXPECT_TRUE(back->cached);
}

TEST(ReportCodec, KeepsEdits) {
  const FileReport report =
      scan_file(built_in(), "a.py", "import requests\nx = (\nrequests.get(u, verify=False)\n");
  const auto back = decode_report(encode_report(report));
  ASSERT_TRUE(back);
  ASSERT_EQ(back->findings.size(), 1U);
  ASSERT_FALSE(back->findings[0].edits.empty());
  EXPECT_EQ(back->findings[0].edits, report.findings[0].edits);
  EXPECT_EQ(back->findings[0].fixed_code, "requests.get(u, verify=True)");
  EXPECT_GT(back->faults, 0U);
  EXPECT_EQ(back->faults, report.faults);
}

TEST(ReportCodec, RefusesWhatWasCutOrAddedTo) {
  const std::string bytes = encode_report(bad_report());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_report(std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_report(bytes + "x"));
}

class Cache : public testing::Test {
 protected:
  void SetUp() override {
    auto made = base::TempDir::create("scan-cache");
    ASSERT_TRUE(made);
    folder_.emplace(*std::move(made));
  }
  [[nodiscard]] ScanCache open(std::string_view key = "k", std::uint64_t now = kLater) const {
    return ScanCache(folder_->path() / "cache", key, now);
  }
  void keep_one(std::uint64_t now = kLater) {
    ScanCache cache = open("k", now);
    cache.keep(bad_report(), kStamp, kBad);
    cache.save();
  }
  [[nodiscard]] std::filesystem::path only_file() const {
    return std::filesystem::directory_iterator(folder_->path() / "cache")->path();
  }
  static constexpr FileStamp kStamp{kBad.size(), 1000, 7};
  std::optional<base::TempDir> folder_;
};

TEST_F(Cache, KnowsAFileByItsStamp) {
  keep_one();
  const ScanCache cache = open();
  const auto found = cache.find("bad.py", kStamp);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->file, "bad.py");
  EXPECT_EQ(found->findings.front().file, "bad.py");
  EXPECT_FALSE(cache.find("bad.py", {kBad.size(), 1001, 7}));
  EXPECT_FALSE(cache.find("other.py", kStamp));
  EXPECT_EQ(open("other rules").size(), 0U);
}

TEST_F(Cache, KnowsAFileThatWasWrittenAgainByItsBytes) {
  keep_one();
  ScanCache cache = open();
  const FileStamp newer{kBad.size(), 2000, 8};
  EXPECT_TRUE(cache.find("bad.py", newer, kBad));
  std::string changed(kBad);
  changed[0] = 'X';
  EXPECT_FALSE(cache.find("bad.py", newer, changed));
}

TEST_F(Cache, DoesNotTrustTheStampOfWhatWasJustWritten) {
  keep_one(/*now=*/1500);
  ScanCache cache = open();
  EXPECT_FALSE(cache.find("bad.py", kStamp));
  EXPECT_TRUE(cache.find("bad.py", kStamp, kBad));
}

TEST_F(Cache, ForgetsFilesThatAreGone) {
  {
    ScanCache cache = open();
    cache.keep(bad_report("a.py"), kStamp, kBad);
    cache.keep(bad_report("b.py"), kStamp, kBad);
    cache.save();
  }
  {
    ScanCache cache = open();
    EXPECT_TRUE(cache.find("a.py", kStamp));
    cache.save();
  }
  EXPECT_EQ(open().size(), 1U);
}

TEST_F(Cache, IsEmptyWhenTheFileIsDamaged) {
  keep_one();
  const std::filesystem::path file = only_file();
  const std::string whole = *base::read_file(file, 1U << 20U);
  for (const std::size_t at : {std::size_t{0}, std::size_t{30}, whole.size() - 1}) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    std::ofstream(file, std::ios::binary) << damaged;
    EXPECT_EQ(open().size(), 0U) << at;
  }
  std::ofstream(file, std::ios::binary) << whole.substr(0, whole.size() / 2);
  EXPECT_EQ(open().size(), 0U);
}

TEST_F(Cache, TakesUpNoMoreThanItsBound) {
  std::filesystem::create_directories(folder_->path() / "cache");
  for (int i = 0; i < 3; ++i) {
    const auto path = folder_->path() / "cache" / (std::to_string(i) + ".scan");
    std::ofstream(path).put('x');
    std::filesystem::resize_file(path, ScanCache::kMaxBytes / 2);
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(10 - i));
  }
  keep_one();
  EXPECT_FALSE(std::filesystem::exists(folder_->path() / "cache/0.scan"));
  EXPECT_FALSE(std::filesystem::exists(folder_->path() / "cache/1.scan"));
  EXPECT_TRUE(std::filesystem::exists(folder_->path() / "cache/2.scan"));
  EXPECT_EQ(open().size(), 1U);
}

}  // namespace
}  // namespace testgen::scan
