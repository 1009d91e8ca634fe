#include "service/auth/audit_log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file_system.h"
#include "base/strings.h"
#include "service/auth/api_key.h"
#include "support/fake_clock.h"
#include "support/raw_http.h"

namespace testgen::service {
namespace {

using nlohmann::json;

class AuditLogTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<json> records(const std::filesystem::path& file) const {
    std::vector<json> out;
    const auto text = base::read_file(file, std::uint64_t{1} << 24U);
    if (!text) return out;
    for (const std::string& line : base::split(*text, '\n')) {
      if (!line.empty()) out.push_back(json::parse(line));
    }
    return out;
  }
  testgen::testing::FakeClock clock_;
  base::TempDir folder_ = *base::TempDir::create("audit");
  std::filesystem::path file_ = folder_.path() / "audit.log";
  std::atomic<int> losses_{0};
};

TEST_F(AuditLogTest, AppendsOneLineARecordAndHidesSecrets) {
  const std::string key = make_api_key("0123456789");
  {
    const auto log = *AuditLog::open(file_, clock_, [this](const base::Error&) { ++losses_; });
    AuditRecord record{.action = "request", .outcome = "refused"};
    record.path = "/v1/jobs/" + key + "\r\n{\"forged\":true}";
    record.status = 401;
    log->write(record);
    log->write({.action = "service.stop", .outcome = "ok"});
  }
  const auto first = records(file_);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0]["action"], "request");
  EXPECT_EQ(first[0]["status"], 401);
  EXPECT_EQ(first[0].dump().find(key.substr(15)), std::string::npos);
  EXPECT_FALSE(first[1].contains("status"));
  ASSERT_TRUE(append_audit_record(file_, {.action = "key.create", .outcome = "ok"}, {}));
  EXPECT_EQ(records(file_).size(), 3U);
  EXPECT_EQ(std::filesystem::status(file_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(losses_, 0);
}

TEST_F(AuditLogTest, GoesOnInANewFileAfterRotation) {
  const auto log = *AuditLog::open(file_, clock_, [this](const base::Error&) { ++losses_; });
  log->write({.action = "before", .outcome = "ok"});
  ASSERT_TRUE(support::eventually([&] { return records(file_).size() == 1; }));
  const auto rotated = folder_.path() / "audit.log.1";
  std::filesystem::rename(file_, rotated);
  log->reopen();
  ASSERT_TRUE(support::eventually([&] { return std::filesystem::exists(file_); }));
  log->write({.action = "after", .outcome = "ok"});
  ASSERT_TRUE(support::eventually([&] { return records(file_).size() == 1; }));
  EXPECT_EQ(records(file_)[0]["action"], "after");
  EXPECT_EQ(records(rotated).size(), 1U);
}

TEST_F(AuditLogTest, SaysWhenItCannotWrite) {
  EXPECT_FALSE(AuditLog::open(folder_.path() / "none" / "audit.log", clock_, [](const auto&) {}));
  const auto log = *AuditLog::open("/dev/full", clock_, [this](const base::Error&) { ++losses_; });
  log->write({.action = "lost", .outcome = "ok"});
  EXPECT_TRUE(support::eventually([&] { return losses_ == 1; }));
}

}  // namespace
}  // namespace testgen::service
