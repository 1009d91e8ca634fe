#include "telemetry/logging/format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

const base::WallTime kTime{std::chrono::seconds(1'700'000'000) + 45ms};

std::string json(std::string_view message, std::initializer_list<Field> fields = {},
                 const SpanContext& context = {}) {
  std::string out;
  append_json_line(out, {kTime, LogLevel::Info, message, context, fields});
  return out;
}

std::string pretty(std::string_view message, std::initializer_list<Field> fields = {}) {
  std::string out;
  append_pretty_line(out, {kTime, LogLevel::Warning, message, {}, fields}, false);
  return out;
}

TEST(JsonLine, HasTheSpecifiedKeysInOrder) {
  SpanContext context;
  context.trace_id.bytes.fill(0xab);
  context.span_id.bytes.fill(0xcd);
  EXPECT_EQ(
      json("job finished",
           {{"duration_ms", 12}, {"ratio", 0.5}, {"ok", true}, {"n", 7U}, {"id", "j1"}}, context),
      "{\"timestamp\":\"2023-11-14T22:13:20.045Z\",\"level\":\"INFO\","
      "\"message\":\"job finished\",\"service\":\"testgen-copilot\",\"duration_ms\":12,"
      "\"ratio\":0.5,\"ok\":true,\"n\":7,\"id\":\"j1\","
      "\"trace_id\":\"abababababababababababababababab\",\"span_id\":\"cdcdcdcdcdcdcdcd\"}\n");
}

TEST(JsonLine, IsValidWhateverItIsGiven) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const std::string line = json(all, {{all, all}, {"nan", NAN}, {"inf", INFINITY}});
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  const auto parsed = nlohmann::json::parse(line);  // throws when it is not
  EXPECT_TRUE(parsed["nan"].is_null());
  EXPECT_EQ(parsed["message"].get<std::string>().substr(0, 128), all.substr(0, 128));
}

TEST(JsonLine, AFieldCannotForgeTheFixedKeys) {
  const auto parsed = nlohmann::json::parse(json("m", {{"level", "CRITICAL"}, {"trace_id", "x"}}));
  EXPECT_EQ(parsed["level"], "INFO");
  EXPECT_EQ(parsed["field.level"], "CRITICAL");
  EXPECT_EQ(parsed["field.trace_id"], "x");
}

TEST(JsonLine, HidesSecretsByKeyAndByLook) {
  const std::string line =
      json("used sk-abcdefghijklmnopqrstuvwxyz",
           {{"api_key", "plain"}, {"tokens", 12}, {"token", 3}, {"url", "https://u:hunter2@h/"}});
  EXPECT_EQ(line.find("sk-abc"), std::string::npos);
  EXPECT_EQ(line.find("plain"), std::string::npos);
  EXPECT_EQ(line.find("hunter2"), std::string::npos);
  const auto parsed = nlohmann::json::parse(line);
  EXPECT_EQ(parsed["api_key"], "[REDACTED]");
  EXPECT_EQ(parsed["tokens"], 12);
  EXPECT_EQ(parsed["token"], 3);
}

TEST(JsonLine, LongTextsAreCut) {
  EXPECT_LT(json(std::string(1 << 20, 'x'), {{"k", std::string(1 << 20, 'y')}}).size(), 20'000U);
}

TEST(PrettyLine, IsForPeople) {
  EXPECT_EQ(pretty("slow operation", {{"duration_ms", 1200}, {"path", "a b"}}),
            "2023-11-14T22:13:20.045Z WARNING  slow operation duration_ms=1200 path=\"a b\"\n");
}

TEST(PrettyLine, CannotMoveTheCursor) {
  const std::string line = pretty("a\x1b[2Jb\rc\nd", {{"k\n", "\x1b[0m"}, {"password", "p"}});
  EXPECT_EQ(line.find('\x1b'), std::string::npos);
  EXPECT_EQ(line.find('\r'), std::string::npos);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_NE(line.find("password=\"[REDACTED]\""), std::string::npos);
}

TEST(Levels, HaveTheSpecifiedNames) {
  EXPECT_EQ(to_string(LogLevel::Critical), "CRITICAL");
  EXPECT_EQ(log_level_from("warning"), LogLevel::Warning);
  EXPECT_EQ(log_level_from("DEBUG"), LogLevel::Debug);
  EXPECT_FALSE(log_level_from("verbose"));
}

}  // namespace
}  // namespace testgen::telemetry
