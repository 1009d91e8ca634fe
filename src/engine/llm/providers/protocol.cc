#include "engine/llm/providers/protocol.h"

#include <algorithm>

#include "base/strings.h"
#include "engine/llm/providers/json_reading.h"
#include "engine/llm/providers/protocols.h"

namespace testgen::llm {
namespace {

constexpr std::size_t kMaxMessage = 300;

}  // namespace

void ReplyBuilder::add_text(std::string_view text) {
  if (failure || text.empty()) return;
  if (reply.text.size() + text.size() > kMaxText) {
    fail(FailureKind::InvalidResponse,
         "the reply is larger than " + std::to_string(kMaxText) + " bytes");
    return;
  }
  reply.text += text;
}

ToolCall* ReplyBuilder::call(std::uint64_t index) {
  const auto known = std::find(indices_.begin(), indices_.end(), index);
  if (known != indices_.end()) {
    return &reply.calls[static_cast<std::size_t>(known - indices_.begin())];
  }
  if (failure || reply.calls.size() >= kMostCalls) return nullptr;
  indices_.push_back(index);
  return &reply.calls.emplace_back();
}

void ReplyBuilder::add_arguments(ToolCall& call, std::string_view piece) {
  call.arguments += piece.substr(0, kMaxArguments - std::min(kMaxArguments, call.arguments.size()));
}

void ReplyBuilder::fail(FailureKind kind, std::string message) {
  if (failure) return;
  failure =
      CallFailure{.kind = kind,
                  .message = base::one_line(message, kMaxMessage),
                  .retriable = kind == FailureKind::RateLimited || kind == FailureKind::Unavailable,
                  .may_be_billed = true};
}

std::unique_ptr<Protocol> make_protocol(ProtocolKind kind, const ProtocolOptions& options) {
  switch (kind) {
    case ProtocolKind::OpenAiChat:
      return make_openai_chat(options);
    case ProtocolKind::OpenAiResponses:
      return make_openai_responses();
    case ProtocolKind::Anthropic:
      return make_anthropic();
    case ProtocolKind::Gemini:
      return make_gemini();
    case ProtocolKind::Ollama:
      return make_ollama();
  }
  return nullptr;
}

CallFailure read_error(int status, std::string_view body) {
  CallFailure out;
  out.status = status;
  const Json json = parse_json(body);
  const Json& error = member(item(json, 0).is_object() ? item(json, 0) : json, "error");
  std::string message = text_of(member(error, "message"));
  if (message.empty()) message = text_of(error);
  if (message.empty()) message = text_of(member(json, "message"));
  const std::string type = text_of(member(error, "code")).empty() ? text_of(member(error, "type"))
                                                                  : text_of(member(error, "code"));
  // A page of HTML says nothing to anybody.
  if (message.empty() && !body.empty() && body.front() != '<') message = body;
  message = base::one_line(valid_utf8(std::move(message)), kMaxMessage);
  out.message = "HTTP " + std::to_string(status) +
                (type.empty() ? "" : " " + base::one_line(type, 60)) +
                (message.empty() ? "" : ": " + message);
  out.retriable = status == 408 || status == 409 || status == 429 || status >= 500;
  if (status == 401 || status == 403) {
    out.kind = FailureKind::Authentication;
  } else if (status == 408 || status == 504) {
    out.kind = FailureKind::Timeout;
  } else if (status == 429) {
    out.kind = FailureKind::RateLimited;
    // Money that is not there does not come back by waiting.
    if (type == "insufficient_quota" || type == "billing_not_active") out.retriable = false;
  } else if (status >= 500) {
    out.kind = FailureKind::Unavailable;
  }
  return out;
}

}  // namespace testgen::llm
