#include "telemetry/logging/line_format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const base::WallTime kTime{std::chrono::seconds(1'700'000'000) + 45ms};

SpanContext traced() {
  SpanContext context;
  context.trace_id.bytes.fill(0xab);
  context.span_id.bytes.fill(0xcd);
  context.flags = kFlagSampled;
  return context;
}

std::string line(LogFormat format, LogEvent event, std::initializer_list<LogField> fields = {},
                 const SpanContext& context = {}, std::uint64_t suppressed = 0,
                 base::WallTime time = kTime) {
  LineBuffer out;
  make_line_format(format, {"testgen-copilot", "1.2", "production"}, false)
      ->append(out, {time, event, context, {fields.begin(), fields.size()}, suppressed});
  return std::string(out.text());
}

std::string json_line(std::initializer_list<LogField> fields, const SpanContext& context = {}) {
  return line(LogFormat::Json, LogEvent::JobFinished, fields, context);
}

TEST(JsonLine, HasTheSpecifiedKeysInOrder) {
  EXPECT_EQ(
      json_line({{"duration_ms", 12}, {"ratio", 0.5}, {"ok", true}, {"n", 7U}, {"id", "j1"}},
                traced()),
      "{\"timestamp\":\"2023-11-14T22:13:20.045Z\",\"level\":\"INFO\","
      "\"message\":\"job finished\",\"service\":\"testgen-copilot\",\"event\":\"job_finished\","
      "\"duration_ms\":12,\"ratio\":0.5,\"ok\":true,\"n\":7,\"id\":\"j1\","
      "\"trace_id\":\"abababababababababababababababab\",\"span_id\":\"cdcdcdcdcdcdcdcd\"}\n");
}

TEST(JsonLine, SaysWhatWasSuppressed) {
  const auto parsed =
      json::parse(line(LogFormat::Json, LogEvent::QueueFailed, {{"error", "e"}}, {}, 12));
  EXPECT_EQ(parsed["suppressed"], 12);
  EXPECT_EQ(parsed["level"], "ERROR");
}

TEST(JsonLine, TimestampsFollowTheClock) {
  for (const auto time : {0ms, 999ms, 1000ms, 86'399'999ms, 999ms}) {
    const base::WallTime at{time};
    const auto parsed = json::parse(line(LogFormat::Json, LogEvent::CacheHit, {}, {}, 0, at));
    EXPECT_EQ(parsed["timestamp"], base::format_rfc3339(at));
  }
}

TEST(AnyLine, IsValidWhateverItIsGiven) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const LogFormat format : {LogFormat::Json, LogFormat::Ecs, LogFormat::Otel}) {
    const std::string text =
        line(format, LogEvent::JobFinished, {{"all", all}, {"nan", NAN}, {"inf", INFINITY}});
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
    EXPECT_FALSE(json::parse(text, nullptr, false).is_discarded()) << text;
  }
  const auto parsed = json::parse(json_line({{"all", all}, {"nan", NAN}}));
  EXPECT_TRUE(parsed["nan"].is_null());
  EXPECT_EQ(parsed["all"].get<std::string>().substr(0, 128), all.substr(0, 128));
}

TEST(AnyLine, HidesSecretsByKeyAndByLook) {
  for (const LogFormat format :
       {LogFormat::Json, LogFormat::Ecs, LogFormat::Otel, LogFormat::Pretty}) {
    const std::string text = line(format, LogEvent::JobFinished,
                                  {{"api_key", "plain"},
                                   {"input_tokens", 12},
                                   {"note", "used sk-abcdefghijklmnopqrstuvwxyz"},
                                   {"url", "https://u:hunter2@h/"}});
    EXPECT_EQ(text.find("sk-abc"), std::string::npos) << text;
    EXPECT_EQ(text.find("plain"), std::string::npos) << text;
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_NE(text.find("12"), std::string::npos) << text;
  }
}

TEST(AnyLine, LongTextsAreCut) {
  EXPECT_LT(json_line({{"k", std::string(1 << 20, 'y')}}).size(), 20'000U);
}

TEST(EcsLine, UsesTheSchemasNames) {
  const std::string text =
      line(LogFormat::Ecs, LogEvent::RequestFailed,
           {{"method", "POST"}, {"status", 500}, {"duration_ms", 1.5}, {"x", 1}}, traced());
  EXPECT_TRUE(
      text.starts_with("{\"@timestamp\":\"2023-11-14T22:13:20.045Z\",\"log.level\":"
                       "\"error\",\"message\":\"request failed\",\"ecs.version\":"))
      << text;
  const auto parsed = json::parse(text);
  EXPECT_EQ(parsed["event.action"], "request_failed");
  EXPECT_EQ(parsed["event.duration"], 1'500'000);
  EXPECT_EQ(parsed["http.request.method"], "POST");
  EXPECT_EQ(parsed["http.response.status_code"], 500);
  EXPECT_EQ(parsed["testgen.x"], 1);
  EXPECT_EQ(parsed["service.environment"], "production");
  EXPECT_EQ(parsed["trace.id"], "abababababababababababababababab");
  EXPECT_EQ(parsed["span.id"], "cdcdcdcdcdcdcdcd");
}

TEST(OtelLine, IsAnOtlpDocument) {
  const auto parsed = json::parse(line(LogFormat::Otel, LogEvent::DatabaseLost,
                                       {{"check", "database"}, {"n", 3}, {"ok", false}}, traced()));
  const auto& resource = parsed["resourceLogs"][0];
  EXPECT_EQ(resource["resource"]["attributes"][0],
            json::parse(R"({"key":"service.name","value":{"stringValue":"testgen-copilot"}})"));
  EXPECT_EQ(resource["scopeLogs"][0]["logRecords"][0], json::parse(R"({
    "timeUnixNano":"1700000000045000000","observedTimeUnixNano":"1700000000045000000",
    "severityNumber":21,"severityText":"CRITICAL","eventName":"database_lost",
    "body":{"stringValue":"the database is lost"},
    "attributes":[{"key":"check","value":{"stringValue":"database"}},
                  {"key":"n","value":{"intValue":"3"}},{"key":"ok","value":{"boolValue":false}}],
    "traceId":"abababababababababababababababab","spanId":"cdcdcdcdcdcdcdcd","flags":1})"));
}

TEST(PrettyLine, IsForPeople) {
  EXPECT_EQ(
      line(LogFormat::Pretty, LogEvent::SlowRequest, {{"duration_ms", 1200}, {"path", "a b"}}),
      "2023-11-14T22:13:20.045Z WARNING  slow request duration_ms=1200 path=\"a b\"\n");
}

TEST(PrettyLine, CannotMoveTheCursor) {
  const std::string text =
      line(LogFormat::Pretty, LogEvent::JobFinished, {{"k", "a\x1b[2Jb\rc\nd"}, {"password", "p"}});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_NE(text.find("password=\"[REDACTED]\""), std::string::npos);
}

TEST(PrettyLine, HasColorOnATerminal) {
  LineBuffer out;
  make_pretty_format(true)->append(out, {kTime, LogEvent::StageFailed, {}, {}, 0});
  EXPECT_NE(out.text().find("\x1b[31mERROR\x1b[0m"), std::string::npos) << out.text();
}

TEST(Levels, HaveTheSpecifiedNames) {
  EXPECT_EQ(to_string(LogLevel::Critical), "CRITICAL");
  EXPECT_EQ(log_level_from("warning"), LogLevel::Warning);
  EXPECT_EQ(log_level_from("DEBUG"), LogLevel::Debug);
  EXPECT_FALSE(log_level_from("verbose"));
}

TEST(Catalogue, GivesEachPolicyAnEventAndEachEventAName) {
  std::set<std::string_view> names;
  std::set<LogPolicy> policies;
  for (const LogEventSpec& spec : kLogEvents) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    policies.insert(spec.policy);
  }
  EXPECT_EQ(policies.size(), 15U);
  EXPECT_EQ(level_of(LogPolicy::Measurement), LogLevel::Debug);
  EXPECT_EQ(level_of(LogPolicy::BusinessEvent), LogLevel::Info);
  EXPECT_EQ(level_of(LogPolicy::ResourceWarning), LogLevel::Warning);
  EXPECT_EQ(level_of(LogPolicy::ConfigurationError), LogLevel::Error);
  EXPECT_EQ(level_of(LogPolicy::DatabaseLoss), LogLevel::Critical);
}

}  // namespace
}  // namespace testgen::telemetry
