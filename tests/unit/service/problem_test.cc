#include "service/http/problem.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

TEST(ProblemTest, EveryErrorCodeHasAStatus) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
    const auto status = http_status(static_cast<ErrorCode>(code));
    EXPECT_GE(status, 400) << code;
    EXPECT_NE(reason_phrase(status), "Unknown") << code;
    if (static_cast<ErrorCode>(code) != ErrorCode::Internal) {
      EXPECT_NE(Problem::from({static_cast<ErrorCode>(code), "", ""}).code, "internal");
    }
  }
}

TEST(ProblemTest, SaysWhatWhereAndWhatToDo) {
  const Problem problem = Problem::from(Error{ErrorCode::InvalidInput, "a.py is empty", "send it"});
  const Response response = problem_response(problem, "4bf92f3577b34da6a3ce929d0e0e4736", "/v1/x");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const json document = json::parse(response.body);
  EXPECT_EQ(document["type"], "urn:testgen:problem:invalid_input");
  EXPECT_EQ(document["status"], 422);
  EXPECT_EQ(document["detail"], "a.py is empty");
  EXPECT_EQ(document["hint"], "send it");
  EXPECT_EQ(document["instance"], "/v1/x");
  EXPECT_EQ(document["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_FALSE(document.contains("errors"));
}

TEST(ProblemTest, AnAnswerAlwaysHasAHint) {
  for (const int status :
       {400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 431, 500, 501, 503, 504}) {
    const Response answer = problem_response(Problem::from_status(status, "so it is"), "t", "/");
    EXPECT_NE(json::parse(answer.body).value("hint", ""), "") << status;
  }
  // Who knew better is not talked over, and what is kept with a job is what was known.
  Problem known = Problem::from_status(404, "there is no such thing");
  EXPECT_FALSE(json::parse(problem_json(known, "t", "/")).contains("hint"));
  known.hint = "look under the table";
  EXPECT_EQ(json::parse(problem_response(known, "t", "/").body)["hint"], "look under the table");
}

TEST(ProblemTest, ListsEveryFieldAndSetsItsHeaders) {
  const json document = json::parse(
      problem_json(Problem::from_fields({{"/a", "is missing"}, {"/b/0", "no"}}), "", ""));
  EXPECT_EQ(document["errors"][1]["pointer"], "/b/0");
  EXPECT_EQ(document["detail"], "/a: is missing");

  Problem busy = Problem::from_status(429, "full");
  busy.allow = "GET";
  busy.challenge = "Bearer";
  busy.job_id = "1";
  std::string names;
  for (const Header& header : problem_response(busy, "", "").headers) names += header.name + ' ';
  EXPECT_EQ(names, "retry-after allow www-authenticate location ");
}

TEST(ProblemTest, IsValidJsonWhateverTheMessage) {
  const Problem problem = Problem::from(Error{ErrorCode::Io, "bad \xff\x01 \"name\"", ""});
  EXPECT_TRUE(json::accept(problem_json(problem, "", "/\xfe")));
}

TEST(ProblemTest, AJobIsTheCallersFaultOnlyWhenItsInputIs) {
  EXPECT_EQ(Problem::from_job({ErrorCode::InvalidInput, "", ""}).status, 422);
  EXPECT_EQ(Problem::from_job({ErrorCode::NothingToDo, "", ""}).status, 422);
  EXPECT_EQ(Problem::from_job({ErrorCode::Environment, "", ""}).status, 500);
  EXPECT_EQ(Problem::from_job({ErrorCode::Timeout, "", ""}).status, 504);
  for (const ErrorCode code : {ErrorCode::PermissionDenied, ErrorCode::NotFound,
                               ErrorCode::Unauthenticated, ErrorCode::InvalidArgument}) {
    EXPECT_EQ(Problem::from_job({code, "", ""}).status, 500);
  }
}

TEST(ProblemTest, ComesBackFromItsDocument) {
  const Problem sent = Problem::from_job({ErrorCode::Unavailable, "gone", "wait"});
  const Problem read = problem_from_json(problem_json(sent, "", ""));
  EXPECT_EQ(read.status, 503);
  EXPECT_EQ(read.code, sent.code);
  EXPECT_EQ(read.title, sent.title);
  EXPECT_EQ(read.detail, "gone");
  EXPECT_EQ(read.hint, "wait");
  EXPECT_EQ(problem_from_json("garbage").status, 500);
  EXPECT_EQ(problem_from_json("{\"status\":\"x\",\"type\":3}").status, 500);
}

}  // namespace
}  // namespace testgen::service
