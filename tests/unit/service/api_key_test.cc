#include "service/auth/api_key.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "base/file_system.h"
#include "service/auth/key_file.h"
#include "support/fake_clock.h"
#include "telemetry/logging/redact.h"

namespace testgen::service {
namespace {

TEST(ApiKeyTest, HasAFormThatScannersKnowAndAChecksum) {
  const std::regex form("tgc_0123456789_[0-9A-Za-z]{38}");
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string key = make_api_key("0123456789");
    EXPECT_TRUE(std::regex_match(key, form)) << key;
    EXPECT_EQ(api_key_id(key), "0123456789");
    EXPECT_TRUE(seen.insert(key).second);
  }
}

TEST(ApiKeyTest, AnyOneWrongCharacterIsNoticed) {
  const std::string key = make_api_key("0123456789");
  for (std::size_t i = 0; i < key.size(); ++i) {
    std::string wrong = key;
    wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(api_key_id(wrong)) << wrong;
  }
  EXPECT_FALSE(api_key_id(""));
  EXPECT_FALSE(api_key_id(key + "a"));
  EXPECT_FALSE(api_key_id(std::string_view(key).substr(0, key.size() - 1)));
}

TEST(ApiKeyTest, NeverGetsIntoALogLine) {
  const std::string key = make_api_key("0123456789");
  EXPECT_EQ(telemetry::redact("the key " + key + " was sent").find(key.substr(15)),
            std::string::npos);
}

class KeyFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string text() const {
    return *base::read_file(file_.path(), std::uint64_t{1} << 20U);
  }
  testgen::testing::FakeClock clock_;
  base::TempDir folder_ = *base::TempDir::create("keys");
  KeyFile file_{folder_.path() / "data"};
};

TEST_F(KeyFileTest, KeepsAHashAndWhatTheKeyMay) {
  EXPECT_TRUE(file_.load()->empty());
  const auto created = file_.create({.name = "ci",
                                     .role = Role::Admin,
                                     .tenant = "team",
                                     .expires = clock_.wall_now() + std::chrono::hours(24),
                                     .requests_per_minute = 60},
                                    clock_.wall_now());
  ASSERT_TRUE(created) << created.error().message;
  EXPECT_EQ(text().find(created->key.substr(15)), std::string::npos);
  const auto keys = *file_.load();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].id, *api_key_id(created->key));
  EXPECT_EQ(keys[0].hash, api_key_hash(created->key));
  EXPECT_EQ(keys[0].role, Role::Admin);
  EXPECT_EQ(keys[0].tenant, "team");
  EXPECT_EQ(keys[0].requests_per_minute, 60U);
  EXPECT_TRUE(keys[0].usable(clock_.wall_now()));
  EXPECT_FALSE(keys[0].usable(clock_.wall_now() + std::chrono::hours(25)));
  EXPECT_EQ(std::filesystem::status(file_.path()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(KeyFileTest, NamesAreTakenOnceAndFreeAgainAfterRevoking) {
  const auto first = file_.create({.name = "ci"}, clock_.wall_now());
  EXPECT_EQ(file_.create({.name = "ci"}, clock_.wall_now()).error().code,
            base::ErrorCode::Conflict);
  EXPECT_EQ(file_.revoke("ci", clock_.wall_now())->id, first->record.id);
  EXPECT_EQ(file_.revoke("ci", clock_.wall_now()).error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(file_.revoke(first->record.id, clock_.wall_now()).error().code,
            base::ErrorCode::Conflict);
  EXPECT_TRUE(file_.create({.name = "ci"}, clock_.wall_now()));
  EXPECT_EQ(file_.load()->size(), 2U);
  for (const char* bad : {"", "-x", ".x", "a b", "a/b", "ä"}) {
    EXPECT_EQ(file_.create({.name = bad}, clock_.wall_now()).error().code,
              base::ErrorCode::InvalidArgument)
        << bad;
  }
}

TEST_F(KeyFileTest, AFileThatCannotBeUnderstoodIsRefusedAndKept) {
  ASSERT_TRUE(file_.create({.name = "ci"}, clock_.wall_now()));
  const std::string whole = text();
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string changed = whole;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  };
  for (const std::string& damaged : std::vector<std::string>{
           "", "[]", whole.substr(0, whole.size() / 2), replaced("\"user\"", "\"root\""),
           replaced("\"version\": 1", "\"version\": 2"),
           replaced("\"created\"", "\"revoked\": \"yes\", \"created\"")}) {
    std::ofstream(file_.path()) << damaged;
    EXPECT_EQ(file_.load().error().code, base::ErrorCode::InvalidInput) << damaged;
    EXPECT_FALSE(file_.create({.name = "other"}, clock_.wall_now()));
    EXPECT_EQ(text(), damaged);
  }
}

}  // namespace
}  // namespace testgen::service
