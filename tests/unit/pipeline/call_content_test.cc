// What a trace holds of a conversation, where that is switched on.
#include "pipeline/call_content.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace testgen::pipeline {
namespace {

using llm::Message;
using llm::Role;
using llm::StopReason;
using nlohmann::json;

json input_of(std::vector<Message> messages) {
  llm::ChatRequest request;
  request.messages = std::move(messages);
  return json::parse(input_as_json(request));
}

TEST(CallContent, EachRoleHasTheShapeOfTheConventions) {
  const llm::ToolCall call{"call_1", "look_up", R"({"symbol":"rate"})", "kept to ourselves"};
  const json said = input_of({{Role::User, "Tests, please."},
                              {Role::Assistant, "One moment.", {call}},
                              {Role::Tool, "def rate(): ...", {}, call}});
  EXPECT_EQ(said, json::parse(R"([
    {"role": "user", "parts": [{"type": "text", "content": "Tests, please."}]},
    {"role": "assistant", "parts": [
      {"type": "text", "content": "One moment."},
      {"type": "tool_call", "id": "call_1", "name": "look_up", "arguments": {"symbol": "rate"}}]},
    {"role": "tool", "parts": [
      {"type": "tool_call_response", "id": "call_1", "response": "def rate(): ..."}]}])"));
}

TEST(CallContent, IdentifiersThatAreNotThereAreLeftOut) {
  const llm::ToolCall call{"", "look_up", "{}", ""};
  const json said = input_of({{Role::Assistant, "", {call}}, {Role::Tool, "", {}, call}});
  EXPECT_EQ(said[0]["parts"],
            json::parse(R"([{"type": "tool_call", "name": "look_up", "arguments": {}}])"));
  EXPECT_EQ(said[1]["parts"], json::parse(R"([{"type": "tool_call_response", "response": ""}])"));
}

TEST(CallContent, ArgumentsThatAreNoJsonStayText) {
  const json said = input_of({{Role::Assistant, "", {{"1", "look_up", "{\"symbol\": \xff", ""}}}});
  EXPECT_EQ(said[0]["parts"][0]["arguments"], "{\"symbol\": \xef\xbf\xbd");
}

TEST(CallContent, AReplyThatOnlyCallsIsSaidToo) {
  llm::ChatReply reply;
  EXPECT_EQ(output_as_json(reply), "");
  reply.stop = StopReason::ToolCall;
  reply.calls = {{"1", "look_up", R"({"symbol":"rate"})", ""}};
  EXPECT_EQ(json::parse(output_as_json(reply)), json::parse(R"([{
    "role": "assistant", "finish_reason": "tool_call", "parts": [
      {"type": "tool_call", "id": "1", "name": "look_up", "arguments": {"symbol": "rate"}}]}])"));
}

TEST(CallContent, InstructionsAreOneText) {
  llm::ChatRequest request;
  request.system = "Write tests.";
  EXPECT_EQ(instructions_as_json(request), R"([{"content":"Write tests.","type":"text"}])");
}

}  // namespace
}  // namespace testgen::pipeline
