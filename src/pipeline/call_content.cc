#include "pipeline/call_content.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace testgen::pipeline {
namespace {

using nlohmann::json;

json text_part(std::string_view text) {
  return {{"type", "text"}, {"content", text}};
}

// Providers without identifiers have none to tell.
json with_id(json part, const std::string& id) {
  if (!id.empty()) part["id"] = id;
  return part;
}

json call_part(const llm::ToolCall& call) {
  json part = with_id({{"type", "tool_call"}, {"name", call.name}}, call.id);
  // Models write what they like: what is no JSON stays the text that it is.
  json arguments = json::parse(call.arguments, nullptr, false);
  part["arguments"] = arguments.is_discarded() ? json(call.arguments) : std::move(arguments);
  return part;
}

json parts(const std::string& text, const std::vector<llm::ToolCall>& calls) {
  json all = json::array();
  if (!text.empty()) all.push_back(text_part(text));
  for (const llm::ToolCall& call : calls) all.push_back(call_part(call));
  return all;
}

json message(const llm::Message& message) {
  switch (message.role) {
    case llm::Role::User:
      break;
    case llm::Role::Assistant:
      return {{"role", "assistant"}, {"parts", parts(message.text, message.calls)}};
    case llm::Role::Tool: {
      json part = with_id({{"type", "tool_call_response"}, {"response", message.text}},
                          message.answered.id);
      return {{"role", "tool"}, {"parts", json::array({std::move(part)})}};
    }
  }
  return {{"role", "user"}, {"parts", parts(message.text, {})}};
}

// The schema's word for a call is not the one of the attribute of finish reasons.
std::string_view finish_reason(llm::StopReason stop) {
  return stop == llm::StopReason::ToolCall ? "tool_call" : llm::to_string(stop);
}

std::string dump(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string instructions_as_json(const llm::ChatRequest& request) {
  return dump(json::array({text_part(request.system)}));
}

std::string input_as_json(const llm::ChatRequest& request) {
  json messages = json::array();
  for (const llm::Message& each : request.messages) messages.push_back(message(each));
  return dump(messages);
}

std::string output_as_json(const llm::ChatReply& reply) {
  json said = parts(reply.text, reply.calls);
  if (said.empty()) return {};
  const json whole{{"role", "assistant"},
                   {"parts", std::move(said)},
                   {"finish_reason", finish_reason(reply.stop)}};
  return dump(json::array({whole}));
}

}  // namespace testgen::pipeline
