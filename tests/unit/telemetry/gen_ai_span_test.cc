#include "telemetry/gen_ai_span.h"

#include <array>
#include <map>

#include "fixture.h"
#include "telemetry/export/otlp_values.h"

namespace testgen::telemetry {
namespace {

class GenAiSpanTest : public MetricsFixture {
 protected:
  GenAiSpan call(const GenAiRequest& request) { return {tracer_, {}, request, capture_}; }
  FinishedSpan ended() {
    auto roots = tracer_.ring().recent_roots(1);
    EXPECT_EQ(roots.size(), 1U);
    return roots.at(0);
  }
  static std::map<std::string, std::string> attributes(const SpanRecord& span) {
    std::map<std::string, std::string> shown;
    for (const Attribute& attribute : span.attributes()) {
      append_any_value(shown[std::string(attribute.key())], attribute.value());
    }
    return shown;
  }
  const GenAiRequest request_{.provider = "openai",
                              .model = "small-1",
                              .server_address = "models.example",
                              .server_port = 8443,
                              .max_tokens = 2048,
                              .temperature = 0.25,
                              .seed = -7,
                              .stream = true};
  GenAiCapture capture_;
  Tracer tracer_{{}, metrics_, clock_, nullptr};
};

TEST_F(GenAiSpanTest, IsNamedAndFilledAsTheConventionsHaveIt) {
  {
    GenAiSpan span = call(request_);
    span.answered({.id = "r-1",
                   .model = "small-1-2026",
                   .finish_reasons = {"stop", "length"},
                   .input_tokens = 1200,
                   .output_tokens = 300,
                   .cached_tokens = 1000,
                   .reasoning_tokens = 50,
                   .first_chunk_seconds = 0.5});
  }
  const FinishedSpan span = ended();
  EXPECT_EQ(span->name(), "chat small-1");
  EXPECT_EQ(span->kind, SpanKind::Client);
  EXPECT_EQ(span->status(), SpanStatus::Unset);
  EXPECT_EQ(attributes(*span),
            (std::map<std::string, std::string>{
                {"gen_ai.operation.name", R"({"stringValue":"chat"})"},
                {"gen_ai.provider.name", R"({"stringValue":"openai"})"},
                {"gen_ai.request.model", R"({"stringValue":"small-1"})"},
                {"gen_ai.request.max_tokens", R"({"intValue":"2048"})"},
                {"gen_ai.request.temperature", R"({"doubleValue":0.25})"},
                {"gen_ai.request.seed", R"({"intValue":"-7"})"},
                {"gen_ai.request.stream", R"({"boolValue":true})"},
                {"server.address", R"({"stringValue":"models.example"})"},
                {"server.port", R"({"intValue":"8443"})"},
                {"gen_ai.response.id", R"({"stringValue":"r-1"})"},
                {"gen_ai.response.model", R"({"stringValue":"small-1-2026"})"},
                {"gen_ai.response.finish_reasons",
                 R"({"arrayValue":{"values":[{"stringValue":"stop"},{"stringValue":"length"}]}})"},
                {"gen_ai.usage.input_tokens", R"({"intValue":"1200"})"},
                {"gen_ai.usage.output_tokens", R"({"intValue":"300"})"},
                {"gen_ai.usage.cache_read.input_tokens", R"({"intValue":"1000"})"},
                {"gen_ai.usage.reasoning.output_tokens", R"({"intValue":"50"})"},
                {"gen_ai.response.time_to_first_chunk", R"({"doubleValue":0.5})"}}));
}

TEST_F(GenAiSpanTest, WhatIsNotKnownIsLeftOut) {
  { GenAiSpan span = call({.operation = "embeddings", .provider = "ollama"}); }
  const FinishedSpan span = ended();
  EXPECT_EQ(span->name(), "embeddings");
  EXPECT_EQ(span->attributes().size(), 2U);
}

// Every category alone, and none: what is off leaves no byte anywhere in the span.
TEST_F(GenAiSpanTest, ContentIsOnlyRecordedWhereItsCategoryIsOn) {
  for (int on = 0; on < 4; ++on) {
    capture_ = {on == 1, on == 2, on == 3};
    {
      GenAiSpan span = call(request_);
      span.system_instructions(R"([{"content":"be brief"}])");
      span.input_messages(R"([{"content":"def f of x"}])");
      span.output_messages(R"([{"content":"def test_f"}])");
      span.answered({.input_tokens = 1});
    }
    std::string content;
    for (const auto& [key, value] : attributes(*ended())) {
      if (value.find("content") != std::string::npos) content += key;
    }
    const std::array<std::string_view, 4> wanted{"", "gen_ai.system_instructions",
                                                 "gen_ai.input.messages", "gen_ai.output.messages"};
    EXPECT_EQ(content, wanted.at(static_cast<std::size_t>(on)));
  }
}

TEST_F(GenAiSpanTest, RecordedContentHoldsNoSecret) {
  capture_.input_messages = true;
  const std::string secret = "sk-ant-api03-k9Lw2ZxQv7RtYp4NmBc8HsDfGj1KaUeTiO5_xWqSdVbNz-AA";
  {
    GenAiSpan span = call(request_);
    span.input_messages("[{\"content\":\"key = '" + secret + "'\"}]");
    span.failed("error", "invalid key " + secret);
  }
  const FinishedSpan span = ended();
  for (const auto& [key, value] : attributes(*span)) {
    EXPECT_EQ(value.find(secret), std::string::npos) << key;
  }
  EXPECT_NE(attributes(*span)["gen_ai.input.messages"].find("[REDACTED]"), std::string::npos);
  EXPECT_EQ(std::string(span->status_message()).find(secret), std::string::npos);
}

TEST_F(GenAiSpanTest, AFailureIsTheSpansStatus) {
  {
    GenAiSpan span = call(request_);
    span.failed("rate_limited", "come back in 20 s");
  }
  const FinishedSpan span = ended();
  EXPECT_EQ(span->status(), SpanStatus::Error);
  EXPECT_EQ(attributes(*span)["error.type"], R"({"stringValue":"rate_limited"})");
  EXPECT_EQ(span->events().size(), 1U);
}

TEST_F(GenAiSpanTest, ItsHeadersContinueTheTrace) {
  const SpanContext caller =
      extract({}, {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "v=1", "team=qa"});
  const GenAiSpan span(tracer_, caller, request_, capture_);
  const auto headers = span.headers();
  ASSERT_EQ(headers.size(), 3U);
  EXPECT_EQ(headers[0].second,
            "00-0af7651916cd43dd8448eb211c80319c-" + span.context().span_id.hex() + "-01");
  EXPECT_EQ(headers[1].second, "v=1");
  EXPECT_EQ(headers[2].second, "team=qa");
}

}  // namespace
}  // namespace testgen::telemetry
