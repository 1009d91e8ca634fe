#include "service/http/router.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace testgen::service {
namespace {

class RouterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto& [method, path] :
         std::vector<std::pair<const char*, const char*>>{{"GET", "/v1/jobs"},
                                                          {"GET", "/v1/jobs/{id}"},
                                                          {"DELETE", "/v1/jobs/{id}"},
                                                          {"POST", "/v1/generate"}}) {
      router_.add({.method = method, .path = path, .endpoint = [](const ExchangePtr&) {}});
    }
  }
  std::string matched(std::string_view method, std::string_view path) {
    const RouteMatch match = router_.match(method, path);
    return match.route == nullptr ? "" : match.route->method + " " + match.route->path;
  }
  Router router_;
};

TEST_F(RouterTest, FindsRoutesAndParameters) {
  EXPECT_EQ(matched("GET", "/v1/jobs"), "GET /v1/jobs");
  EXPECT_EQ(matched("DELETE", "/v1/jobs/7"), "DELETE /v1/jobs/{id}");
  EXPECT_EQ(matched("HEAD", "/v1/jobs"), "GET /v1/jobs");
  EXPECT_EQ(router_.match("GET", "/v1/jobs/a%2Fb").parameters, std::vector<std::string>{"a%2Fb"});
}

TEST_F(RouterTest, KnowsNothingElse) {
  for (const char* path : {"", "/", "*", "/v1", "/v1/", "/v1/jobs/", "/v1/jobs/1/", "/v1/jobs/1/2",
                           "//v1/jobs", "/V1/jobs", "/v1/jobs/../jobs", "/v1/generate/"}) {
    const RouteMatch match = router_.match("GET", path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.allow, "") << path;
  }
}

TEST_F(RouterTest, NamesTheMethodsOfAPath) {
  EXPECT_EQ(router_.match("PUT", "/v1/jobs/1").allow, "GET, HEAD, DELETE");
  EXPECT_EQ(router_.match("GET", "/v1/generate").allow, "POST");
  EXPECT_EQ(router_.match("get", "/v1/generate").allow, "POST");
}

TEST_F(RouterTest, RefusesARouteWithoutEndpoint) {
  EXPECT_THROW(router_.add({.method = "GET", .path = "/x"}), base::InternalError);
}

}  // namespace
}  // namespace testgen::service
