#include "tickets/jira_client.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "support/http_stub.h"

namespace testgen::tickets {
namespace {

using nlohmann::json;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

// A small Jira with one project: issues found by their last label, two transitions.
class FakeJira {
 public:
  std::string answer(const StubRequest& request) {
    const std::string line = request.head.substr(0, request.head.find("\r\n"));
    lines.push_back(line);
    if (refuse != 0) return http_answer(refuse, R"({"errorMessages":["no"],"errors":{"a":"b"}})");
    if (line.starts_with("GET /rest/api/2/search")) {
      json issues = json::array();
      for (const auto& [label, done] : issues_) {
        if (line.find(label) == std::string::npos) continue;
        issues.push_back(
            {{"key", "OPS-1"},
             {"fields", {{"status", {{"statusCategory", {{"key", done ? "done" : "new"}}}}}}}});
      }
      return http_answer(200, json{{"issues", issues}}.dump());
    }
    if (line.starts_with("POST /rest/api/2/issue ")) {
      created = json::parse(request.body);
      issues_[created["fields"]["labels"].back()] = false;
      return http_answer(201, R"({"id":"1","key":"OPS-1"})");
    }
    if (line.starts_with("GET /rest/api/2/issue/OPS-1/transitions")) {
      return http_answer(200, R"({"transitions":[
        {"id":"11","to":{"statusCategory":{"key":"indeterminate"}}},
        {"id":"31","to":{"statusCategory":{"key":"done"}}}]})");
    }
    if (line.starts_with("POST /rest/api/2/issue/OPS-1/transitions")) {
      issues_.begin()->second = json::parse(request.body)["transition"]["id"] == "31";
      return http_answer(204);
    }
    if (line.starts_with("POST /rest/api/2/issue/OPS-1/comment")) {
      comments.push_back(json::parse(request.body)["body"]);
      return http_answer(201, "{}");
    }
    return http_answer(404, "{}");
  }

  std::map<std::string, bool> issues_;  // label → done
  std::vector<std::string> lines;
  std::vector<std::string> comments;
  json created;
  int refuse = 0;
};

class JiraClientTest : public ::testing::Test {
 protected:
  JiraOptions options() {
    return {.url = stub.url(""), .user = "a@example.com", .token = "secret", .project = "OPS"};
  }
  static TicketNews news(bool firing) {
    return {.fingerprint = "00ff00ff00ff00ff", .firing = firing, .summary = "S", .text = "T"};
  }
  FakeJira jira;
  HttpStub stub{
      [this](const StubRequest& request, const std::stop_token&) { return jira.answer(request); }};
};

TEST_F(JiraClientTest, OpensOnceClosesAndReopensTheSameTicket) {
  JiraClient client(options());
  EXPECT_EQ(client.tell(news(true)).value(), TicketAction::Opened);
  EXPECT_EQ(client.tell(news(true)).value(), TicketAction::Nothing) << "a repeated message";
  EXPECT_EQ(client.tell(news(false)).value(), TicketAction::Closed);
  EXPECT_EQ(client.tell(news(false)).value(), TicketAction::Nothing);
  EXPECT_EQ(client.tell(news(true)).value(), TicketAction::Reopened);
  EXPECT_EQ(jira.issues_.size(), 1U);
  ASSERT_EQ(jira.comments.size(), 2U);
  EXPECT_EQ(jira.comments[0], "It has resolved.");
  EXPECT_EQ(jira.comments[1], "It is back.\n\nT");
}

TEST_F(JiraClientTest, SaysWhatATicketNeeds) {
  ASSERT_TRUE(JiraClient(options()).tell(news(true)).has_value());
  const json& fields = jira.created["fields"];
  EXPECT_EQ(fields["project"]["key"], "OPS");
  EXPECT_EQ(fields["issuetype"]["name"], "Task");
  EXPECT_EQ(fields["summary"], "S");
  EXPECT_EQ(fields["labels"].back(), "testgen-alert-00ff00ff00ff00ff");
}

TEST_F(JiraClientTest, ResolvedAndNeverSeenIsNothing) {
  EXPECT_EQ(JiraClient(options()).tell(news(false)).value(), TicketAction::Nothing);
  EXPECT_TRUE(jira.issues_.empty());
}

TEST_F(JiraClientTest, TalksToCloudAndToDataCenterAsTheyWantIt) {
  ASSERT_TRUE(JiraClient(options()).tell(news(false)).has_value());
  auto own = options();
  own.user.clear();
  ASSERT_TRUE(JiraClient(own).tell(news(false)).has_value());
  const auto requests = stub.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_NE(requests[0].head.find("GET /rest/api/2/search/jql?"), std::string::npos);
  // base64 of a@example.com:secret
  EXPECT_NE(requests[0].head.find("Basic YUBleGFtcGxlLmNvbTpzZWNyZXQ="), std::string::npos);
  EXPECT_NE(requests[1].head.find("GET /rest/api/2/search?"), std::string::npos);
  EXPECT_NE(requests[1].head.find("Bearer secret"), std::string::npos);
}

TEST_F(JiraClientTest, SaysWhyJiraRefused) {
  jira.refuse = 401;
  const auto answer = JiraClient(options()).tell(news(true));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, base::ErrorCode::Unauthenticated);
  EXPECT_EQ(answer.error().message, "Jira answered 401 no a: b");
  jira.refuse = 503;
  EXPECT_EQ(JiraClient(options()).tell(news(true)).error().code, base::ErrorCode::Unavailable);
}

TEST_F(JiraClientTest, AHostileFingerprintStaysInsideOfTheQuery) {
  auto odd = news(false);
  odd.fingerprint = "a\" OR project = \"SECRET";
  ASSERT_TRUE(JiraClient(options()).tell(odd).has_value());
  EXPECT_NE(jira.lines[0].find("testgen-alert-aORprojectSECRET%22"), std::string::npos)
      << jira.lines[0];
}

TEST(JiraOptions, AreCheckedBeforeTheServiceStarts) {
  const JiraOptions good{.url = "https://j", .token = "t", .project = "OPS"};
  EXPECT_TRUE(JiraClient::check(good).has_value());
  for (auto [member, value] :
       {std::pair{&JiraOptions::url, "jira"}, std::pair{&JiraOptions::token, ""},
        std::pair{&JiraOptions::project, "the project"}}) {
    JiraOptions bad = good;
    bad.*member = value;
    EXPECT_FALSE(JiraClient::check(bad).has_value()) << value;
  }
}

}  // namespace
}  // namespace testgen::tickets
