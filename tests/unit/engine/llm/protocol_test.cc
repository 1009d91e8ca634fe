#include "engine/llm/providers/protocol.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/llm/prices.h"
#include "engine/llm/providers/presets.h"

namespace testgen::llm {
namespace {

using nlohmann::json;

ChatRequest request() {
  ChatRequest out;
  out.model = "m";
  out.system = "rules";
  out.messages = {{Role::User, "one"}, {Role::Assistant, "two"}, {Role::User, "three"}};
  out.max_output_tokens = 77;
  return out;
}

TEST(Protocols, SayTheSameInTheirOwnWords) {
  const auto chat = json::parse(make_protocol(ProtocolKind::OpenAiChat)->body(request()));
  EXPECT_EQ(chat["messages"][0]["role"], "system");
  EXPECT_EQ(chat["messages"][3]["content"], "three");
  EXPECT_EQ(chat["max_completion_tokens"], 77);
  EXPECT_EQ(chat["stream_options"]["include_usage"], true);
  EXPECT_FALSE(chat.contains("temperature"));

  const auto old = json::parse(
      make_protocol(ProtocolKind::OpenAiChat, {.max_tokens_old_name = true})->body(request()));
  EXPECT_EQ(old["max_tokens"], 77);

  const auto responses = json::parse(make_protocol(ProtocolKind::OpenAiResponses)->body(request()));
  EXPECT_EQ(responses["instructions"], "rules");
  EXPECT_EQ(responses["input"][1]["role"], "assistant");
  EXPECT_EQ(responses["store"], false);

  const auto anthropic = json::parse(make_protocol(ProtocolKind::Anthropic)->body(request()));
  EXPECT_EQ(anthropic["system"][0]["cache_control"]["type"], "ephemeral");
  EXPECT_EQ(anthropic["max_tokens"], 77);

  const auto gemini = json::parse(make_protocol(ProtocolKind::Gemini)->body(request()));
  EXPECT_EQ(gemini["contents"][1]["role"], "model");
  EXPECT_EQ(gemini["systemInstruction"]["parts"][0]["text"], "rules");

  const auto ollama = json::parse(make_protocol(ProtocolKind::Ollama)->body(request()));
  EXPECT_EQ(ollama["options"]["num_predict"], 77);
  EXPECT_EQ(ollama["options"]["num_ctx"], 4096);
}

ChatRequest with_tool() {
  ChatRequest out = request();
  out.tools = {{"look_up", "Shows code.", "symbol", "Its name."}};
  const ToolCall first{"id1", "look_up", R"({"symbol":"Cart"})", "sig"};
  const ToolCall second{"id2", "look_up", "no JSON", ""};
  out.messages = {{Role::User, "one"},
                  {Role::Assistant, "", {first, second}},
                  {Role::Tool, "class Cart: ...", {}, first},
                  {Role::Tool, "nothing", {}, second}};
  return out;
}

json body_of(ProtocolKind kind) {
  return json::parse(make_protocol(kind)->body(with_tool()));
}

TEST(Protocols, OfferAToolAndTellItsResults) {
  for (const ProtocolKind kind : {ProtocolKind::OpenAiChat, ProtocolKind::Ollama}) {
    const json chat = body_of(kind);
    EXPECT_EQ(chat["tools"][0]["function"]["parameters"]["required"], json({"symbol"}));
    EXPECT_EQ(chat["messages"][2]["tool_calls"].size(), 2U);
    EXPECT_EQ(chat["messages"][3]["role"], "tool");
    EXPECT_EQ(chat["messages"][3]["content"], "class Cart: ...");
  }
  const json chat = body_of(ProtocolKind::OpenAiChat);
  EXPECT_EQ(chat["messages"][2]["tool_calls"][0]["function"]["arguments"], R"({"symbol":"Cart"})");
  EXPECT_EQ(chat["messages"][2]["tool_calls"][1]["function"]["arguments"], "{}");
  EXPECT_EQ(chat["messages"][4]["tool_call_id"], "id2");

  const json responses = body_of(ProtocolKind::OpenAiResponses);
  EXPECT_EQ(responses["tools"][0]["name"], "look_up");
  ASSERT_EQ(responses["input"].size(), 5U);
  EXPECT_EQ(responses["input"][1]["type"], "function_call");
  EXPECT_EQ(responses["input"][4]["call_id"], "id2");

  // Results of one turn are one message of the user.
  const json anthropic = body_of(ProtocolKind::Anthropic);
  EXPECT_EQ(anthropic["tools"][0]["input_schema"]["type"], "object");
  ASSERT_EQ(anthropic["messages"].size(), 3U);
  EXPECT_EQ(anthropic["messages"][1]["content"][0]["input"]["symbol"], "Cart");
  EXPECT_EQ(anthropic["messages"][2]["content"].size(), 2U);

  const json gemini = body_of(ProtocolKind::Gemini);
  EXPECT_EQ(gemini["tools"][0]["functionDeclarations"][0]["name"], "look_up");
  EXPECT_EQ(gemini["contents"][1]["parts"][0]["thoughtSignature"], "sig");
  ASSERT_EQ(gemini["contents"].size(), 3U);
  EXPECT_EQ(gemini["contents"][2]["parts"][1]["functionResponse"]["response"]["result"], "nothing");
}

TEST(Protocols, ManyCallsAndLongArgumentsAreBounded) {
  ReplyBuilder out;
  for (std::uint64_t i = 0; i < 100; ++i) {
    if (ToolCall* call = out.call(i)) ReplyBuilder::add_arguments(*call, std::string(40'000, 'x'));
  }
  ASSERT_EQ(out.reply.calls.size(), ReplyBuilder::kMostCalls);
  EXPECT_EQ(out.reply.calls[0].arguments.size(), ReplyBuilder::kMaxArguments);
}

TEST(Protocols, PutTheKeyIntoAHeaderAndNowhereElse) {
  for (const ProviderPreset& preset : provider_presets()) {
    const auto protocol = make_protocol(preset.protocol, preset.options);
    EXPECT_EQ(protocol->body(request()).find("s3cret"), std::string::npos);
    EXPECT_EQ(protocol->path(request()).find("s3cret"), std::string::npos);
    std::size_t found = 0;
    for (const auto& [name, value] : protocol->headers("s3cret")) {
      found += value.find("s3cret") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(found, 1U) << preset.name;
    for (const auto& [name, value] : protocol->headers("")) {
      EXPECT_EQ(value.find("Bearer"), std::string::npos);
    }
  }
}

TEST(Protocols, AModelsNameStaysInItsPlace) {
  ChatRequest odd = request();
  odd.model = "../x?key=1#";
  EXPECT_EQ(make_protocol(ProtocolKind::Gemini)->path(odd),
            "/models/.._x_key_1_:streamGenerateContent?alt=sse");
}

TEST(Protocols, AnythingGivesSomeAnswer) {
  for (const ProviderPreset& preset : provider_presets()) {
    const auto protocol = make_protocol(preset.protocol, preset.options);
    for (const char* text :
         {"", "null", "[]", "7", "\"x\"", "{}", "{\"choices\":7}", "{\"choices\":[7]}",
          "{\"choices\":[{\"delta\":[]}]}", "{\"type\":7}", "{\"usage\":{\"input_tokens\":-1}}",
          "{\"usage\":{\"prompt_tokens\":1e300}}", "{\"candidates\":[{\"content\":{\"parts\":7}}]}",
          "{\"message\":7,\"done\":\"x\"}", "{\"content\":[7],\"output\":[[]]}", "[[[[[["}) {
      ReplyBuilder event;
      protocol->read_event({"", text}, event);
      ReplyBuilder whole;
      protocol->read_whole(text, whole);
      (void)protocol->read_models(text);
      EXPECT_LE(event.reply.usage.input, 1'000'000'000'000U);
    }
  }
}

TEST(Protocols, AReplyIsBounded) {
  ReplyBuilder out;
  const std::string piece(300'000, 'x');
  for (int i = 0; i < 10; ++i) out.add_text(piece);
  ASSERT_TRUE(out.failure.has_value());
  EXPECT_EQ(out.failure->kind, FailureKind::InvalidResponse);
  EXPECT_LE(out.reply.text.size(), ReplyBuilder::kMaxText);
}

TEST(ReadError, MoneyThatIsGoneDoesNotComeBackByWaiting) {
  EXPECT_FALSE(
      read_error(429, R"({"error":{"code":"insufficient_quota","message":"m"}})").retriable);
  EXPECT_TRUE(read_error(429, R"({"error":{"code":"rate_limit_exceeded"}})").retriable);
  EXPECT_EQ(read_error(500, "<html>").message, "HTTP 500");
  EXPECT_EQ(read_error(404, R"({"error":"model 'x' not found"})").message,
            "HTTP 404: model 'x' not found");
  EXPECT_EQ(read_error(400, R"([{"error":{"message":"bad"}}])").message, "HTTP 400: bad");
}

TEST(Prices, AnUnknownModelHasNoPrice) {
  const Prices prices = Prices::built_in();
  EXPECT_FALSE(prices.find("openai", "gpt-99").has_value());
  EXPECT_FALSE(prices.find("nobody", "gpt-4o").has_value());
  EXPECT_FALSE(cost_of(std::nullopt, {.input = 1, .reported = true}).has_value());
  EXPECT_FALSE(cost_of(Price{1, 1, 1}, {}).has_value());
}

TEST(Prices, VersionsFollowTheirModel) {
  const Prices prices = Prices::built_in();
  EXPECT_EQ(prices.find("openai", "gpt-4o-2024-08-06")->input,
            prices.find("openai", "gpt-4o")->input);
  EXPECT_NE(prices.find("openai", "gpt-4o-mini")->input, prices.find("openai", "gpt-4o")->input);
  EXPECT_TRUE(prices.find("anthropic", "claude-sonnet-4-20250514").has_value());
  EXPECT_FALSE(prices.find("openai", "gpt-4o-audio").has_value());
  EXPECT_FALSE(prices.find("anthropic", "claude-opus-4-99").has_value()) << "it is another model";
  EXPECT_EQ(prices.find("ollama", "anything")->output, 0.0);
}

TEST(Prices, CachedTokensHaveTheirOwn) {
  const Price price{.input = 2, .cached = 1, .output = 10};
  const Usage usage{.input = 1'000'000, .output = 100'000, .cached = 400'000, .reported = true};
  EXPECT_DOUBLE_EQ(*cost_of(price, usage), 0.6 * 2 + 0.4 * 1 + 0.1 * 10);
}

TEST(Prices, WhatIsWrittenToTheCacheHasItsOwn) {
  const Price price{.input = 2, .cached = 1, .output = 10, .written = 3};
  Usage usage{
      .input = 1'000'000, .output = 0, .cached = 400'000, .written = 100'000, .reported = true};
  EXPECT_DOUBLE_EQ(*cost_of(price, usage), 0.5 * 2 + 0.4 * 1 + 0.1 * 3);
  usage.written.reset();
  EXPECT_DOUBLE_EQ(*cost_of(price, usage), 0.4 * 1 + 0.6 * 3) << "rather too much than too little";
  EXPECT_DOUBLE_EQ(most_of(price, 1'000'000, 100'000), 3 + 1);
}

TEST(Prices, LongRequestsHaveTheirOwn) {
  const auto prices = Prices::read(
      R"({"date":"d","providers":{"a":{"m":{"input":1,"output":2,"long":{"above":1000,"input":4,"output":8}}}}})");
  ASSERT_TRUE(prices.has_value());
  const auto price = prices->find("a", "m");
  EXPECT_DOUBLE_EQ(*cost_of(price, {.input = 1'000, .output = 100, .reported = true}), 1.2e-3);
  EXPECT_DOUBLE_EQ(*cost_of(price, {.input = 2'000, .output = 100, .reported = true}), 8.8e-3);
  EXPECT_DOUBLE_EQ(most_of(*price, 2'000, 100), 8.8e-3);
  const auto wrong = Prices::read(
      R"({"date":"d","providers":{"a":{"m":{"input":1,"output":2,"long":{"input":4}}}}})");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_NE(wrong.error().message.find("a.m.long.above"), std::string::npos);
}

TEST(Prices, TheBuiltInFileKnowsWhatIsDocumented) {
  const Prices prices = Prices::built_in();
  EXPECT_GT(prices.find("anthropic", "claude-sonnet-5")->written,
            prices.find("anthropic", "claude-sonnet-5")->input);
  EXPECT_TRUE(prices.find("openai", "gpt-4.1-mini").has_value());
  EXPECT_TRUE(prices.find("gemini", "gemini-2.5-flash").has_value());
}

TEST(Prices, AWrongFileIsNamed) {
  EXPECT_FALSE(Prices::read("[]").has_value());
  EXPECT_FALSE(Prices::read(R"({"date":"d","providers":{"a":{"m":{"input":-1,"output":1}}}})"));
  const auto missing = Prices::read(R"({"date":"d","providers":{"a":{"m":{"input":1}}}})");
  ASSERT_FALSE(missing.has_value());
  EXPECT_NE(missing.error().message.find("a.m.output"), std::string::npos);
}

}  // namespace
}  // namespace testgen::llm
