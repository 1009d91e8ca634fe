#include "service/auth/authenticator.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file_system.h"

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

int status(const Authenticator& authenticator, std::vector<Header> headers,
           Permission permission = Permission::Generate) {
  const auto problem = authenticator.check(request_with(std::move(headers)), permission);
  return problem ? problem->status : 0;
}

TEST(AuthenticatorTest, RefusesToListenToOtherMachinesWithoutAToken) {
  const auto refused = Authenticator::create(kOpen, "");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().hint.find("--token-file"), std::string::npos);
  EXPECT_TRUE(Authenticator::create(kOpen, kToken));
  EXPECT_TRUE(Authenticator::create(kLocal, ""));
  EXPECT_FALSE(Authenticator::create(kOpen, "short"));
  EXPECT_FALSE(Authenticator::create(kOpen, "long enough but with blanks"));
}

TEST(AuthenticatorTest, AsksForTheTokenAndTakesNoOther) {
  const auto authenticator = *Authenticator::create(kOpen, kToken);
  EXPECT_EQ(status(authenticator, {{"authorization", "Bearer " + kToken}}), 0);
  EXPECT_EQ(status(authenticator, {{"authorization", "bearer   " + kToken}}), 0);
  EXPECT_EQ(status(authenticator, {}), 401);
  for (const std::string& wrong : std::vector<std::string>{
           "Bearer", "Bearer ", "Basic " + kToken, "Bearer " + kToken + "x",
           "Bearer " + kToken.substr(1), kToken, "Bearer " + kToken + " " + kToken}) {
    EXPECT_EQ(status(authenticator, {{"authorization", wrong}}), 401) << wrong;
  }
  const auto problem = authenticator.check(request_with({}), Permission::Generate);
  EXPECT_EQ(problem->challenge, "Bearer realm=\"testgen\"");
}

TEST(AuthenticatorTest, ProbesAreOpenAndMetricsOnlyHere) {
  const auto open = *Authenticator::create(kOpen, kToken);
  const auto local = *Authenticator::create(kLocal, kToken);
  EXPECT_EQ(status(open, {}, Permission::Public), 0);
  EXPECT_EQ(status(open, {}, Permission::Metrics), 401);
  EXPECT_EQ(status(local, {}, Permission::Metrics), 0);
  EXPECT_EQ(status(local, {}, Permission::Inspect), 401);
}

TEST(AuthenticatorTest, WithoutATokenServesThisMachineButNoWebPages) {
  const auto local = *Authenticator::create(kLocal, "");
  EXPECT_EQ(status(local, {{"host", "127.0.0.1:8000"}}), 0);
  EXPECT_EQ(status(local, {{"host", "localhost:8000"}, {"origin", "http://localhost:8000"}}), 0);
  EXPECT_EQ(status(local, {{"host", "rebound.example:8000"}}), 403);
  EXPECT_EQ(status(local, {{"host", "localhost"}, {"origin", "https://evil.example"}}), 403);
  EXPECT_EQ(status(local, {{"host", "localhost"}, {"origin", "null"}}), 403);
  EXPECT_EQ(status(local, {}), 403);
}

TEST(AuthenticatorTest, ReadsATokenFromAFile) {
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
