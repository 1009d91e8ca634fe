#include "service/auth/authenticator.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/file_system.h"
#include "service/auth/api_key.h"
#include "support/fake_clock.h"

namespace testgen::service {
namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";
const ListenAddress kLocal{"127.0.0.1", 8000};
const ListenAddress kOpen{"0.0.0.0", 8000};

Request request_with(std::vector<Header> headers) {
  Request request;
  request.headers = std::move(headers);
  return request;
}

class AuthenticatorTest : public ::testing::Test {
 protected:
  Authenticator make(const ListenAddress& listen, const std::string& token = "") {
    keys_ = *KeyRing::open(file_);
    auto made = Authenticator::create(listen, token, *keys_, clock_);
    EXPECT_TRUE(made);
    return *std::move(made);
  }
  std::string key(const std::string& name, Role role = Role::User) {
    auto created = file_.create({.name = name, .role = role}, clock_.wall_now());
    EXPECT_TRUE(created);
    return created->key;
  }
  static int status(const Authenticator& authenticator, std::vector<Header> headers,
                    Permission permission = Permission::Generate) {
    const auto admission = authenticator.admit(request_with(std::move(headers)), permission);
    const auto* refusal = std::get_if<Refusal>(&admission);
    return refusal != nullptr ? refusal->status : 0;
  }
  static std::string reason(const Authenticator& authenticator, const std::string& credential,
                            Permission permission = Permission::Generate) {
    const auto admission =
        authenticator.admit(request_with({{"authorization", "Bearer " + credential}}), permission);
    const auto* refusal = std::get_if<Refusal>(&admission);
    return refusal != nullptr ? std::string(refusal->reason) : "";
  }

  testgen::testing::FakeClock clock_;
  base::TempDir folder_ = *base::TempDir::create("authenticator");
  KeyFile file_{folder_.path()};
  std::unique_ptr<KeyRing> keys_;
};

TEST_F(AuthenticatorTest, RefusesToListenToOtherMachinesWhileNobodyCouldComeIn) {
  keys_ = *KeyRing::open(file_);
  const auto refused = Authenticator::create(kOpen, "", *keys_, clock_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().hint.find("testgen keys create"), std::string::npos);
  EXPECT_NE(refused.error().hint.find(folder_.path().string()), std::string::npos);
  EXPECT_TRUE(Authenticator::create(kOpen, kToken, *keys_, clock_));
  EXPECT_TRUE(Authenticator::create(kLocal, "", *keys_, clock_));
  EXPECT_FALSE(Authenticator::create(kOpen, "short", *keys_, clock_));
  EXPECT_FALSE(Authenticator::create(kOpen, "long enough but with blanks", *keys_, clock_));

  (void)key("ci");
  keys_ = *KeyRing::open(file_);
  EXPECT_TRUE(Authenticator::create(kOpen, "", *keys_, clock_));
  ASSERT_TRUE(file_.revoke("ci", clock_.wall_now()));
  keys_ = *KeyRing::open(file_);
  EXPECT_FALSE(Authenticator::create(kOpen, "", *keys_, clock_));
}

TEST_F(AuthenticatorTest, AsksForTheTokenAndTakesNoOther) {
  const auto authenticator = make(kOpen, kToken);
  EXPECT_EQ(status(authenticator, {{"authorization", "Bearer " + kToken}}), 0);
  EXPECT_EQ(status(authenticator, {{"authorization", "bearer   " + kToken}}), 0);
  EXPECT_EQ(status(authenticator, {}), 401);
  for (const std::string& wrong : std::vector<std::string>{
           "Bearer", "Bearer ", "Basic " + kToken, "Bearer " + kToken + "x",
           "Bearer " + kToken.substr(1), kToken, "Bearer " + kToken + " " + kToken}) {
    EXPECT_EQ(status(authenticator, {{"authorization", wrong}}), 401) << wrong;
  }
  const auto refusal =
      std::get<Refusal>(authenticator.admit(request_with({}), Permission::Generate));
  EXPECT_EQ(refusal.challenge, "Bearer realm=\"testgen\"");
}

TEST_F(AuthenticatorTest, LetsAKeyDoWhatItsRoleMay) {
  const std::string viewer = key("viewer", Role::Viewer);
  const std::string user = key("user", Role::User);
  const std::string admin = key("admin", Role::Admin);
  const auto authenticator = make(kOpen);
  for (const auto& [credential, allowed] :
       std::map<std::string, int>{{viewer, 0}, {user, 1}, {admin, 2}}) {
    EXPECT_EQ(reason(authenticator, credential, Permission::ReadJobs), "");
    EXPECT_EQ(reason(authenticator, credential, Permission::Metrics), "");
    for (const Permission changing : {Permission::Generate, Permission::ChangeJobs}) {
      EXPECT_EQ(reason(authenticator, credential, changing), allowed >= 1 ? "" : "missing_role");
    }
    for (const Permission special : {Permission::Inspect, Permission::Administer}) {
      EXPECT_EQ(reason(authenticator, credential, special), allowed >= 2 ? "" : "missing_role");
    }
  }
  const auto refusal = std::get<Refusal>(authenticator.admit(
      request_with({{"authorization", "Bearer " + viewer}}), Permission::Administer));
  EXPECT_EQ(refusal.status, 403);
  EXPECT_NE(refusal.hint.find("admin"), std::string::npos);
  EXPECT_EQ(refusal.caller.key_id, viewer.substr(4, 10));
}

TEST_F(AuthenticatorTest, ToldApartAreKeysByTheirTenants) {
  const std::string first = key("first");
  const std::string second = key("second");
  const auto authenticator = make(kLocal);
  const auto caller = [&](const std::string& credential) {
    return std::get<Caller>(authenticator.admit(
        request_with({{"authorization", "Bearer " + credential}}), Permission::ReadJobs));
  };
  EXPECT_EQ(caller(first).tenant, first.substr(4, 10));
  EXPECT_NE(caller(first).tenant, caller(second).tenant);
}

TEST_F(AuthenticatorTest, RefusesKeysThatAreRevokedExpiredMistypedOrMadeUp) {
  const std::string good = key("good");
  const std::string revoked = key("revoked");
  ASSERT_TRUE(file_.revoke("revoked", clock_.wall_now()));
  const auto brief = file_.create(
      {.name = "brief", .expires = clock_.wall_now() + std::chrono::hours(1)}, clock_.wall_now());
  const auto authenticator = make(kLocal);
  EXPECT_EQ(reason(authenticator, good), "");
  EXPECT_EQ(reason(authenticator, revoked), "revoked_key");
  EXPECT_EQ(reason(authenticator, brief->key), "");
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(reason(authenticator, brief->key), "expired_key");
  std::string mistyped = good;
  std::swap(mistyped[20], mistyped[21]);
  if (mistyped == good) mistyped[20] = good[20] == 'x' ? 'y' : 'x';
  EXPECT_EQ(reason(authenticator, mistyped), "wrong_token");
  EXPECT_EQ(reason(authenticator, make_api_key(good.substr(4, 10))), "wrong_token");
  EXPECT_EQ(reason(authenticator, make_api_key("0123456789")), "wrong_token");
  EXPECT_EQ(reason(authenticator, kToken), "wrong_token");
}

TEST_F(AuthenticatorTest, RevokingTheLastKeyDoesNotOpenTheService) {
  const std::string only = key("only");
  const auto authenticator = make(kLocal);
  EXPECT_EQ(status(authenticator, {{"host", "localhost"}}), 401);
  ASSERT_TRUE(file_.revoke("only", clock_.wall_now()));
  EXPECT_EQ(*keys_->reload(), true);
  EXPECT_EQ(status(authenticator, {{"host", "localhost"}}), 401);
  EXPECT_EQ(reason(authenticator, only), "revoked_key");
  std::filesystem::remove(file_.path());
  EXPECT_FALSE(keys_->reload());
  EXPECT_EQ(status(authenticator, {{"host", "localhost"}}), 401);
}

TEST_F(AuthenticatorTest, ProbesAreOpenAndMetricsOnlyHere) {
  const auto open = make(kOpen, kToken);
  const auto local = make(kLocal, kToken);
  EXPECT_EQ(status(open, {}, Permission::Public), 0);
  EXPECT_EQ(status(open, {}, Permission::Metrics), 401);
  EXPECT_EQ(status(local, {}, Permission::Metrics), 0);
  EXPECT_EQ(status(local, {}, Permission::Inspect), 401);
}

TEST_F(AuthenticatorTest, WithoutKeysServesThisMachineButNoWebPages) {
  const auto local = make(kLocal);
  EXPECT_EQ(status(local, {{"host", "127.0.0.1:8000"}}), 0);
  EXPECT_EQ(status(local, {{"host", "localhost:8000"}, {"origin", "http://localhost:8000"}}), 0);
  EXPECT_EQ(status(local, {{"host", "rebound.example:8000"}}), 403);
  EXPECT_EQ(status(local, {{"host", "localhost"}, {"origin", "https://evil.example"}}), 403);
  EXPECT_EQ(status(local, {{"host", "localhost"}, {"origin", "null"}}), 403);
  EXPECT_EQ(status(local, {}), 403);
}

TEST(TokenFileTest, ReadsATokenFromAFile) {
  const auto folder = *base::TempDir::create("token");
  const auto file = folder.path() / "token";
  const auto write = [&](const std::string& text) { std::ofstream(file) << text; };
  write(kToken + "\nsecond line\n");
  EXPECT_EQ(read_token_file(file), kToken);
  write("short\n");
  EXPECT_EQ(read_token_file(file).error().code, base::ErrorCode::InvalidArgument);
  write("");
  EXPECT_FALSE(read_token_file(file));
  EXPECT_EQ(read_token_file(folder.path() / "none").error().code, base::ErrorCode::NotFound);
}

}  // namespace
}  // namespace testgen::service
