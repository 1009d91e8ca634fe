#include "engine/llm/providers/request_parts.h"

namespace testgen::llm {

Json plain_message(const Message& message) {
  return {{"role", message.role == Role::Assistant ? "assistant" : "user"},
          {"content", message.text}};
}

Json tool_parameters(const Tool& tool) {
  return {{"type", "object"},
          {"properties",
           {{tool.parameter, {{"type", "string"}, {"description", tool.parameter_description}}}}},
          {"required", Json::array({tool.parameter})}};
}

Json arguments_object(const ToolCall& call) {
  Json out = parse_json(call.arguments);
  return out.is_object() ? out : Json::object();
}

}  // namespace testgen::llm
