// The whole service over real sockets: jobs, keys, health, and how it ends.
#include <algorithm>

#include "telemetry/tracing/trace_context.h"
#include "unit/service/service_fixture.h"

namespace testgen::service {
namespace {

TEST_F(ServiceTest, GeneratesInOneAnswerAndNeverTwice) {
  open();
  const Answer first = send("POST", "/v1/generate", body(1));
  ASSERT_EQ(first.status, 200) << first.body;
  const json job = first.document();
  EXPECT_EQ(job["state"], "succeeded");
  EXPECT_EQ(job["cached"], false);
  EXPECT_EQ(job["result"]["request"]["options"]["seed"], 1);

  const Answer again = send("POST", "/v1/generate", body(1, 3));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.document()["cached"], true);
  EXPECT_EQ(again.document()["id"], job["id"]);
  EXPECT_EQ(again.document()["result"], job["result"]);
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(send("GET", "/v1/jobs/" + job["id"].get<std::string>()).document()["state"],
            "succeeded");
  EXPECT_EQ(requests("POST", "/v1/generate", 200), 2U);
  EXPECT_EQ(telemetry_->metrics().cache_hits_total.value(), 1U);
  EXPECT_EQ(telemetry_->metrics().active_requests.value(), 0);
}

TEST_F(ServiceTest, GivesAJobWhenTheWaitIsOver) {
  open();
  hold_ = true;
  const Answer accepted = send("POST", "/v1/generate", body(1, 0.05));
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  const std::string location = accepted.header("location");
  EXPECT_EQ(location, "/v1/jobs/" + accepted.document()["id"].get<std::string>());
  EXPECT_EQ(send("GET", location).document()["state"], "running");
  EXPECT_EQ(send("POST", "/v1/generate", body(2, 0)).document()["state"], "queued");
  const json listed = send("GET", "/v1/jobs?limit=1").document();
  EXPECT_EQ(listed["jobs"].size(), 1U);
  EXPECT_EQ(listed["jobs"][0]["id"], listed["next_after"]);
  EXPECT_EQ(send("GET", "/v1/jobs?state=running").document()["jobs"].size(), 1U);
  EXPECT_EQ(send("GET", "/v1/jobs?state=odd").status, 400);
  EXPECT_EQ(send("GET", "/v1/jobs?limit=0").status, 400);
  const json running = send("GET", "/debug/requests").document()["jobs"];
  ASSERT_EQ(running.size(), 1U);
  EXPECT_EQ(running[0]["id"], accepted.document()["id"]);
  EXPECT_EQ(running[0]["stage"], "started");
  EXPECT_GT(running[0]["age_seconds"], 0);
  hold_ = false;
  EXPECT_TRUE(support::eventually(
      [&] { return send("GET", location).document()["state"] == "succeeded"; }));
}

TEST_F(ServiceTest, ProbesAndMetricsAnswerWhileEveryWorkerIsBusy) {
  open();
  hold_ = true;
  std::vector<support::RawClient> waiting;
  for (int i = 0; i < 20; ++i) {
    const std::string text = body(i);
    waiting.emplace_back(service_->address().port)
        .send("POST /v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
              std::to_string(text.size()) + "\r\n\r\n" + text);
  }
  ASSERT_TRUE(
      support::eventually([&] { return telemetry_->metrics().active_requests.value() == 20; }));
  json shown;
  EXPECT_TRUE(support::eventually([&] {
    shown = send("GET", "/debug/requests").document()["requests"];
    return std::count_if(shown.begin(), shown.end(), [](const json& each) {
             return each["endpoint"] == "/v1/generate" && each["stage"] == "waiting for a job";
           }) == 20;
  })) << shown;
  for (const json& each : shown) {
    EXPECT_GE(each["age_seconds"], 0);
    EXPECT_EQ(each["trace_id"].get<std::string>().size(), 32U);
  }
  EXPECT_EQ(send("GET", "/health").document()["status"], "healthy");
  EXPECT_TRUE(send("GET", "/health").document()["timestamp"].is_number());
  EXPECT_EQ(send("GET", "/alive").document()["status"], "alive");
  const Answer metrics = send("GET", "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_EQ(metrics.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(metrics.body.find("testgen_active_requests 20\n"), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/jobs").status, 200) << "waiting requests hold no thread";
  hold_ = false;
  for (auto& client : waiting) EXPECT_EQ(client.read_response().substr(9, 3), "200");
}

TEST_F(ServiceTest, ReadinessFollowsItsChecks) {
  open();
  Answer ready;
  ASSERT_TRUE(support::eventually([&] {
    ready = send("GET", "/ready");
    return ready.status == 200;
  })) << ready.body;
  EXPECT_EQ(ready.document(), json::parse(R"({"status":"ready","checks":{"database":true,
      "redis":true,"llm_api":true,"disk_space":true}})"));
  EXPECT_TRUE(send("GET", "/readyz?verbose").document()["details"]["database"]["required"]);
  service_->shutdown(clock_.steady_now() + seconds(5));
  EXPECT_FALSE(telemetry_->health().readiness().ready);
}

TEST_F(ServiceTest, IsNotReadyWithoutDiskSpace) {
  open({.min_free_bytes = UINT64_MAX});
  ASSERT_TRUE(support::eventually([&] {
    const json checks = send("GET", "/ready").document()["checks"];
    return checks["database"] == true && checks["disk_space"] == false;
  }));
  EXPECT_EQ(send("GET", "/ready").status, 503);
  EXPECT_EQ(send("GET", "/ready").document()["status"], "not ready");
}

TEST_F(ServiceTest, AFailedJobIsTheAnswersProblem) {
  open();
  failure_ = ErrorCode::InvalidInput;
  const Answer broken = send("POST", "/v1/generate", body(1));
  EXPECT_EQ(broken.status, 422);
  EXPECT_EQ(broken.header("content-type"), "application/problem+json");
  EXPECT_EQ(broken.document()["detail"], "it broke");
  EXPECT_EQ(broken.document()["hint"], "mend it");
  EXPECT_EQ(broken.header("location"),
            "/v1/jobs/" + broken.document()["job_id"].get<std::string>());

  failure_ = ErrorCode::Environment;
  const Answer failed = send("POST", "/v1/generate", body(2));
  EXPECT_EQ(failed.status, 500);
  const json job = send("GET", failed.header("location")).document();
  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["error"]["status"], 500);
  EXPECT_EQ(job["error"]["trace_id"], failed.document()["trace_id"]);
  // One failure is one error, although a job and a request failed.
  auto& errors = telemetry_->metrics().errors_total;
  EXPECT_EQ(errors.with("environment", "job").value(), 1U);
  EXPECT_EQ(errors.with("internal", "http").value(), 0U);

  failure_ = ErrorCode::Cancelled;
  EXPECT_EQ(send("POST", "/v1/generate", body(2)).status, 200) << "failures are not cached";
}

TEST_F(ServiceTest, OneTraceLeadsFromTheRequestThroughTheQueueToTheAnswer) {
  open();
  const Answer answer =
      send("POST", "/v1/generate", body(1),
           "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
           "x-request-id: my-id.1\r\n");
  EXPECT_EQ(answer.header("x-request-id"), "my-id.1");
  const auto sent = telemetry::parse_trace_context(answer.header("traceparent"));
  EXPECT_EQ(sent.trace_id.hex(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_NE(sent.span_id.hex(), "b7ad6b7169203331");
  EXPECT_EQ(answer.document()["trace_id"], sent.trace_id.hex());

  const Answer trace = send("GET", "/debug/traces/0af7651916cd43dd8448eb211c80319c");
  ASSERT_EQ(trace.status, 200);
  std::map<std::string, std::string> parent_of;
  std::map<std::string, std::string> name_of{{"b7ad6b7169203331", "caller"}};
  const json document = trace.document();
  for (const json& span : document["spans"]) {
    const auto name = span["name"].get<std::string>();
    name_of[span["span_id"].get<std::string>()] = name;
    parent_of[name] = span["parent_span_id"].get<std::string>();
  }
  EXPECT_EQ(name_of[parent_of["POST /v1/generate"]], "caller");
  EXPECT_EQ(name_of[parent_of["cache.get"]], "POST /v1/generate");
  EXPECT_EQ(name_of[parent_of["queue.wait"]], "POST /v1/generate");
  EXPECT_EQ(name_of[parent_of["job.run"]], "POST /v1/generate");
  EXPECT_EQ(name_of[parent_of["generate_tests"]], "job.run");
  EXPECT_EQ(name_of[parent_of["cache.put"]], "job.run");
  EXPECT_EQ(name_of[parent_of["db.enqueue"]], "POST /v1/generate");
  EXPECT_EQ(name_of[parent_of["db.claim"]], "POST /v1/generate");
  EXPECT_EQ(name_of[parent_of["db.finish"]], "job.run");
  EXPECT_EQ(send("GET", "/debug/traces/0af7651916cd43dd8448eb211c80319d").status, 404);
  EXPECT_EQ(send("GET", "/debug/traces/xyz").status, 400);
}

TEST_F(ServiceTest, WhatACallerHandsOnReachesTheJob) {
  open();
  const std::string headers =
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
      "tracestate: vendor=1\r\nbaggage: tenant=blue\r\nbaggage: \"bad\", user=j%20d\r\n";
  ASSERT_EQ(send("POST", "/v1/generate", body(1), headers).status, 200);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(handed_on_, "vendor=1 tenant=blue,user=j%20d");
}

TEST_F(ServiceTest, EveryAnswerCarriesATraceAndARequestId) {
  open({.http = {.body_limit = 1000}});
  const auto carries = [&](const Answer& answer, int status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_TRUE(telemetry::parse_trace_context(answer.header("traceparent")).valid());
    EXPECT_FALSE(answer.header("x-request-id").empty());
    if (status >= 400) {
      EXPECT_EQ(answer.document()["status"], status);
    }
  };
  carries(send("GET", "/health"), 200);
  carries(send("GET", "/nowhere"), 404);
  carries(send("PUT", "/v1/generate"), 405);
  EXPECT_EQ(send("PUT", "/v1/generate").header("allow"), "POST");
  carries(send("POST", "/v1/generate", "{"), 400);
  carries(send("POST", "/v1/generate", "{}"), 422);
  carries(send("POST", "/v1/generate", std::string(2000, 'x')), 413);
  carries(send("POST", "/v1/generate", "{}", "Content-Type: text/html\r\n"), 415);
  carries(send("GET", "/v1/jobs/none"), 404);
  carries(send("GET", "/x", "", "x-request-id: has blanks\r\n"), 404);
  EXPECT_EQ(requests("GET", "unmatched", 404), 2U);
  EXPECT_EQ(requests("other", "unmatched", 413), 1U);
}

TEST_F(ServiceTest, AnIdempotencyKeyGivesTheSameJob) {
  open();
  failure_ = ErrorCode::Environment;
  const Answer first = send("POST", "/v1/generate", body(1), "Idempotency-Key: k\r\n");
  failure_ = ErrorCode::Cancelled;
  const Answer again = send("POST", "/v1/generate", body(1), "Idempotency-Key: k\r\n");
  EXPECT_EQ(again.status, 500);
  EXPECT_EQ(again.document()["job_id"], first.document()["job_id"]);
  EXPECT_EQ(send("POST", "/v1/generate", body(2), "Idempotency-Key: k\r\n").status, 409);
  EXPECT_EQ(runs_, 1);
}

TEST_F(ServiceTest, PastTheQueuesBoundItAsksToComeBack) {
  open({.max_queued = 1});
  hold_ = true;
  ASSERT_EQ(send("POST", "/v1/generate", body(1, 0)).status, 202);
  ASSERT_TRUE(support::eventually([&] { return runs_ == 1; }));
  ASSERT_EQ(send("POST", "/v1/generate", body(2, 0)).status, 202);
  const Answer full = send("POST", "/v1/generate", body(3, 0));
  EXPECT_EQ(full.status, 429);
  EXPECT_FALSE(full.header("retry-after").empty());
  hold_ = false;
}

TEST_F(ServiceTest, CancelsAJobAndTellsWhoWaits) {
  open();
  hold_ = true;
  support::RawClient waiting(service_->address().port);
  const std::string text = body(1);
  waiting.send("POST /v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
               std::to_string(text.size()) + "\r\n\r\n" + text);
  ASSERT_TRUE(support::eventually([&] { return runs_ == 1; }));
  const std::string id = send("GET", "/v1/jobs").document()["jobs"][0]["id"];
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id).document()["state"], "cancelled");
  EXPECT_EQ(waiting.read_response().substr(9, 3), "409");
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id).status, 409);
}

TEST_F(ServiceTest, ATokenIsAskedForWhereOneIsSet) {
  open({.token = "0123456789abcdef"});
  const Answer refused = send("POST", "/v1/generate", body(1));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("www-authenticate"), "Bearer realm=\"testgen\"");
  EXPECT_EQ(send("GET", "/v1/jobs", "", "Authorization: Bearer nonsense\r\n").status, 401);
  EXPECT_EQ(
      send("POST", "/v1/generate", body(1), "Authorization: Bearer 0123456789abcdef\r\n").status,
      200);
  EXPECT_EQ(send("GET", "/health").status, 200);
  EXPECT_EQ(telemetry_->metrics().errors_total.with("unauthenticated", "auth").value(), 2U);
}

TEST_F(ServiceTest, StopsWithoutLosingAnything) {
  open();
  hold_ = true;
  const std::string running = send("POST", "/v1/generate", body(1, 0)).header("location");
  ASSERT_TRUE(support::eventually([&] { return runs_ == 1; }));
  const std::string queued = send("POST", "/v1/generate", body(2, 0)).header("location");
  support::RawClient waiting(service_->address().port);
  const std::string text = body(3, 60);
  waiting.send("POST /v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
               std::to_string(text.size()) + "\r\n\r\n" + text);
  ASSERT_TRUE(support::eventually([&] { return telemetry_->metrics().queue_length.value() == 2; }));
  service_->shutdown(clock_.steady_now() + milliseconds(50));
  const std::string told = waiting.read_response();
  EXPECT_EQ(told.substr(9, 3), "202");
  EXPECT_NE(told.find("connection: close"), std::string::npos);
  service_.reset();

  hold_ = false;
  open();
  for (const std::string& location : {running, queued}) {
    EXPECT_TRUE(support::eventually(
        [&] { return send("GET", location).document()["state"] == "succeeded"; }));
  }
}

TEST_F(ServiceTest, RefusesASharedFolderABadAddressAndAnOpenPort) {
  open();
  const auto runner = [](const model::Job&, const telemetry::SpanContext&, const std::stop_token&,
                         const JobProgress&) -> Result<std::string> { return std::string(); };
  ServiceOptions options{.listen = "127.0.0.1:0", .data = folder_.path() / "data"};
  EXPECT_EQ(Service::open(options, *telemetry_, runner).error().code, ErrorCode::Conflict);
  options.data = folder_.path() / "other";
  options.listen = "0.0.0.0:0";
  EXPECT_NE(Service::open(options, *telemetry_, runner).error().hint.find("keys create"),
            std::string::npos);
  options.listen = "somewhere";
  EXPECT_EQ(Service::open(options, *telemetry_, runner).error().code, ErrorCode::InvalidArgument);
}

TEST_F(ServiceTest, TheSameQuestionTwiceAtOnceIsOneRun) {
  open();
  hold_ = true;
  const json first = send("POST", "/v1/generate", body(1, 0)).document();
  const json second = send("POST", "/v1/generate", body(1, 0), "Idempotency-Key: k\r\n").document();
  EXPECT_EQ(first["id"], second["id"]);
  hold_ = false;
  const std::string path = "/v1/jobs/" + first["id"].get<std::string>();
  ASSERT_TRUE(
      support::eventually([&] { return send("GET", path).document()["state"] == "succeeded"; }));
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(send("POST", "/v1/generate", body(1)).document()["cached"], true);
}

TEST_F(ServiceTest, AChangedEnvironmentIsAnotherQuestion) {
  std::atomic<int> packages{1};
  open({.environment = [&](const std::string& name) -> Result<std::string> {
    if (name == "none") return Error{ErrorCode::NotFound, "there is no environment none", ""};
    return name + std::to_string(packages.load());
  }});
  EXPECT_EQ(send("POST", "/v1/generate", body(1)).document()["cached"], false);
  EXPECT_EQ(send("POST", "/v1/generate", body(1)).document()["cached"], true);
  packages = 2;
  // Other bytes of the same question: the same bytes are looked at again only after a moment.
  EXPECT_EQ(send("POST", "/v1/generate", body(1, 3)).document()["cached"], false);
  json named = json::parse(body(1));
  named["options"]["environment"] = "web";
  EXPECT_EQ(send("POST", "/v1/generate", named.dump()).document()["cached"], false);
  EXPECT_EQ(runs_, 3);
  named["options"]["environment"] = "none";
  const Answer refused = send("POST", "/v1/generate", named.dump());
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.document()["errors"][0]["pointer"], "/options/environment");
  service_.reset();  // it borrows what this test owns
}

TEST_F(ServiceTest, TheSameBytesAgainAreAnsweredAlikeAndCounted) {
  open();
  const json first = send("POST", "/v1/generate", body(1)).document();
  for (int i = 0; i < 5; ++i) {
    const Answer again = send("POST", "/v1/generate", body(1));
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.document()["result"], first["result"]);
    EXPECT_NE(again.header("traceparent"), "");
  }
  EXPECT_EQ(telemetry_->metrics().cache_hits_total.value(), 5U);
  EXPECT_EQ(telemetry_->metrics().cache_misses_total.value(), 1U);
  EXPECT_EQ(telemetry_->metrics().journey_steps_total.with("submitted").value(), 6U);
  EXPECT_EQ(send("POST", "/v1/generate", body(1), "Content-Type: text/plain\r\n").status, 415);
  EXPECT_EQ(
      send("POST", "/v1/generate", body(1), "Idempotency-Key: " + std::string(300, 'k') + "\r\n")
          .status,
      400);
  const std::string id = first["id"];
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id + "?forget=true").status, 204);
  EXPECT_EQ(send("POST", "/v1/generate", body(1)).document()["cached"], false) << "forgotten";
}

TEST_F(ServiceTest, ForgetsAJobWithItsResult) {
  open();
  hold_ = true;
  const std::string id = send("POST", "/v1/generate", body(1, 0)).document()["id"];
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id + "?forget=true").status, 409);
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id + "?forget=perhaps").status, 400);
  hold_ = false;
  ASSERT_TRUE(support::eventually(
      [&] { return send("GET", "/v1/jobs/" + id).document()["state"] == "succeeded"; }));
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id).status, 409);
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id + "?forget=true").status, 204);
  EXPECT_EQ(send("GET", "/v1/jobs/" + id).status, 404);
  EXPECT_EQ(send("POST", "/v1/generate", body(1)).document()["cached"], false);
}

TEST_F(ServiceTest, StreamsWhatBecomesOfAJob) {
  open();
  hold_ = true;
  const std::string id = send("POST", "/v1/generate", body(1, 0)).document()["id"];
  support::RawClient client(service_->address().port);
  client.send("GET /v1/jobs/" + id + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_TRUE(support::eventually(
      [&] { return send("GET", "/debug/requests").document()["jobs"].size() == 1U; }));
  hold_ = false;
  const std::string answer = client.read_until("\n0\r\n\r\n", seconds(10));
  EXPECT_NE(answer.find("content-type: text/event-stream"), std::string::npos) << answer;
  EXPECT_NE(answer.find("event: state\ndata: {"), std::string::npos) << answer;
  EXPECT_NE(answer.find("event: end\ndata: {\"attempts\":1,\"id\":\"" + id +
                        "\",\"state\":\"succeeded\"}"),
            std::string::npos)
      << answer;
  // One that has ended is told at once; one that is not there is a problem.
  client.send("GET /v1/jobs/" + id + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(client.read_until("\n0\r\n\r\n", seconds(10)).find("event: end"), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/jobs/none/events").status, 404);
}

TEST_F(ServiceTest, TheEndOfTheServiceEndsTheStreams) {
  open();
  hold_ = true;
  const std::string id = send("POST", "/v1/generate", body(1, 0)).document()["id"];
  support::RawClient client(service_->address().port);
  client.send("GET /v1/jobs/" + id + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_NE(client.read_until("event: state", seconds(10)), "");
  service_->shutdown(clock_.steady_now());
  EXPECT_TRUE(client.read_until("\n0\r\n\r\n", seconds(10)).ends_with("0\r\n\r\n"));
}

TEST_F(ServiceTest, FeedbackIsKeptAndCountedOnce) {
  open();
  const std::string id = send("POST", "/v1/generate", body(1)).document()["id"];
  const telemetry::Metrics& metrics = telemetry_->metrics();
  EXPECT_EQ(metrics.user_satisfaction_ratio.value(), 1);
  const auto judge = [&](const std::string& path, const char* verdict) {
    return send("POST", path, json{{"verdict", verdict}}.dump());
  };
  EXPECT_EQ(judge("/v1/tests/" + id + "/feedback", "accepted").status, 200);
  EXPECT_EQ(judge("/v1/tests/" + id + "/feedback", "accepted").status, 200);
  EXPECT_EQ(metrics.feedback_total.with("accepted").value(), 1U);
  const json changed = judge("/v1/tests/" + id + "/feedback", "rejected").document();
  EXPECT_EQ(changed["previous"], "accepted");
  EXPECT_EQ(metrics.user_satisfaction_ratio.value(), 0);
  EXPECT_EQ(metrics.journey_steps_total.with("accepted").value(), 1U);
  EXPECT_EQ(judge("/v1/tests/" + id + ":test_none/feedback", "accepted").status, 404);
  EXPECT_EQ(judge("/v1/tests/none/feedback", "accepted").status, 404);
  EXPECT_EQ(judge("/v1/tests/" + id + "/feedback", "fine").status, 422);
  EXPECT_EQ(judge("/v1/findings/f-1/feedback", "false_positive").status, 200);
  EXPECT_EQ(metrics.scan_feedback_total.with("other", "false_positive").value(), 1U);
  EXPECT_EQ(metrics.scan_false_positive_ratio.value(), 1);
  EXPECT_EQ(judge("/v1/findings/python.weak-hash:f-2/feedback", "confirmed").status, 200);
  EXPECT_EQ(metrics.scan_feedback_total.with("python/weak-hash", "confirmed").value(), 1U);
  EXPECT_EQ(metrics.scan_false_positive_ratio.value(), 0.5);
  EXPECT_EQ(metrics.scan_confirmed_ratio.value(), 0.5);
  EXPECT_EQ(judge("/v1/findings/no.such-rule:f-2/feedback", "confirmed").status, 200);
  EXPECT_EQ(metrics.scan_feedback_total.with("other", "confirmed").value(), 1U);
  EXPECT_EQ(judge("/v1/findings/a%20b/feedback", "confirmed").status, 404);
}

TEST_F(ServiceTest, AlertsAreNewsOnce) {
  open();
  const json message{{"version", "4"},
                     {"groupKey", "{}:{}"},
                     {"alerts",
                      {{{"status", "firing"},
                        {"labels", {{"alertname", "HighErrorRate"}, {"severity", "critical"}}},
                        {"annotations", json::object()},
                        {"startsAt", "2026-01-01T00:00:00Z"},
                        {"fingerprint", "f1"}}}}};
  EXPECT_EQ(send("POST", "/v1/hooks/alertmanager", message.dump()).document(),
            (json{{"received", 1}, {"news", 1}}));
  EXPECT_EQ(send("POST", "/v1/hooks/alertmanager", message.dump()).document()["news"], 0);
  EXPECT_EQ(send("POST", "/v1/hooks/alertmanager", "{}").status, 422);
}

TEST_F(ServiceTest, ResultsAreKeptByEngineAndItsModels) {
  std::string models = "model 1";
  ServiceOptions options;
  options.engines.identity = [&models](const std::string& name) -> Result<std::string> {
    if (name == "llm") return Error{ErrorCode::Unsupported, "there is no llm here", ""};
    return name == "auto" ? name + models : name;
  };
  open(options);
  const auto with = [this](const std::string& engine) {
    json document = json::parse(body(1));
    if (!engine.empty()) document["options"]["engine"] = engine;
    return send("POST", "/v1/generate", document.dump());
  };
  EXPECT_EQ(with("").document()["result"]["request"]["options"]["engine"], "explorer");
  EXPECT_EQ(with("explorer").document()["cached"], true);
  EXPECT_EQ(with("auto").document()["cached"], false);
  EXPECT_EQ(with("auto").document()["cached"], true);
  models = "model 2";
  (void)support::eventually([&] { return with("auto").document()["cached"] == false; });
  EXPECT_EQ(runs_, 3);
  const Answer refused = with("llm");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.document()["errors"][0],
            (json{{"pointer", "/options/engine"}, {"detail", "there is no llm here"}}));
}

TEST_F(ServiceTest, DescribesEveryRouteThatItServes) {
  open();
  const json document = send("GET", "/openapi.json").document();
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_EQ(document["paths"]["/health"]["get"]["security"], json::array());
  EXPECT_FALSE(document["paths"]["/v1/generate"]["post"]["security"].empty());
  // Routes without parameters answer what the document says they may.
  for (const auto& [path, operations] : document["paths"].items()) {
    if (path.find('{') != std::string::npos || !operations.contains("get")) continue;
    const Answer answer = send("GET", path);
    EXPECT_TRUE(operations["get"]["responses"].contains(std::to_string(answer.status))) << path;
  }
  const Answer page = send("GET", "/docs");
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("/v1/jobs/{id}/events"), std::string::npos);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
}

TEST_F(ServiceTest, MeasuresHowLateTheIoThreadIs) {
  open();
  const auto& lag = telemetry_->metrics().http_loop_lag_seconds;
  ASSERT_TRUE(support::eventually([&] { return lag.count() >= 2; }));
}

}  // namespace
}  // namespace testgen::service
