#include "engine/llm/chat.h"

namespace testgen::llm {

std::string_view to_string(StopReason reason) {
  switch (reason) {
    case StopReason::Finished:
      return "stop";
    case StopReason::Length:
      return "length";
    case StopReason::Refused:
      return "content_filter";
    case StopReason::ToolCall:
      return "tool_calls";
    case StopReason::Other:
      return "other";
  }
  return "other";
}

std::string_view to_string(FailureKind kind) {
  switch (kind) {
    case FailureKind::Timeout:
      return "timeout";
    case FailureKind::RateLimited:
      return "rate_limited";
    case FailureKind::Unavailable:
      return "unavailable";
    case FailureKind::Authentication:
      return "authentication";
    case FailureKind::InvalidResponse:
      return "invalid_response";
    case FailureKind::Other:
      return "other";
  }
  return "other";
}

namespace {

constexpr std::uint64_t kOfAMessage = 16;  // what providers put around one
constexpr std::uint64_t kOfATool = 400;    // and around the description of a tool

std::uint64_t bytes_of(const ToolCall& call) {
  return kOfAMessage + call.id.size() + call.name.size() + call.arguments.size() +
         call.signature.size();
}

std::uint64_t bytes_of(const ChatRequest& request) {
  std::uint64_t bytes = request.system.size();
  for (const Message& message : request.messages) {
    bytes += message.text.size();
    for (const ToolCall& call : message.calls) bytes += bytes_of(call);
    if (message.role == Role::Tool) bytes += bytes_of(message.answered);
  }
  for (const Tool& tool : request.tools) {
    bytes += kOfATool + tool.name.size() + tool.description.size() + tool.parameter.size() +
             tool.parameter_description.size();
  }
  return bytes;
}

}  // namespace

std::uint64_t token_bound(const ChatRequest& request) {
  return bytes_of(request) + kOfAMessage * (request.messages.size() + 1);
}

std::uint64_t token_estimate(const ChatRequest& request) {
  return bytes_of(request) / 3 + kOfAMessage * (request.messages.size() + 1);
}

}  // namespace testgen::llm
