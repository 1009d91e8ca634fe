// Anthropic's Messages API. The system prompt is marked for its prompt cache: it is the same for
// all functions of a run.
#include "engine/llm/providers/json_reading.h"
#include "engine/llm/providers/protocols.h"

namespace testgen::llm {
namespace {

StopReason reason_of(const std::string& text) {
  if (text == "end_turn" || text == "stop_sequence") return StopReason::Finished;
  if (text == "max_tokens" || text == "model_context_window_exceeded") return StopReason::Length;
  if (text == "tool_use") return StopReason::ToolCall;
  if (text == "refusal") return StopReason::Refused;
  return StopReason::Other;
}

FailureKind kind_of(const std::string& type) {
  if (type == "rate_limit_error") return FailureKind::RateLimited;
  if (type == "authentication_error" || type == "permission_error") {
    return FailureKind::Authentication;
  }
  if (type == "timeout_error") return FailureKind::Timeout;
  if (type == "overloaded_error" || type == "api_error") return FailureKind::Unavailable;
  return FailureKind::Other;
}

class Anthropic final : public Protocol {
 public:
  std::string path(const ChatRequest&) const override { return "/v1/messages"; }

  std::string body(const ChatRequest& request) const override {
    Json messages = Json::array();
    for (const Message& message : request.messages) {
      messages.push_back(
          {{"role", message.role == Role::User ? "user" : "assistant"}, {"content", message.text}});
    }
    Json out{{"model", request.model},
             {"messages", std::move(messages)},
             {"max_tokens", request.max_output_tokens},
             {"stream", true}};
    if (!request.system.empty()) {
      out["system"] = Json::array({{{"type", "text"},
                                    {"text", request.system},
                                    {"cache_control", {{"type", "ephemeral"}}}}});
    }
    if (request.temperature) out["temperature"] = *request.temperature;
    return dump_json(out);
  }

  std::vector<std::pair<std::string, std::string>> headers(const std::string& key) const override {
    std::vector<std::pair<std::string, std::string>> out{{"anthropic-version", "2023-06-01"}};
    if (!key.empty()) out.emplace_back("x-api-key", key);
    return out;
  }

  void read_event(const StreamEvent& event, ReplyBuilder& out) const override {
    const Json json = parse_json(event.data);
    if (!json.is_object()) {
      out.fail(FailureKind::InvalidResponse, "an event of the stream is not a JSON object");
      return;
    }
    const std::string type = text_of(member(json, "type"));
    if (type == "message_start") {
      const Json& message = member(json, "message");
      out.reply.id = text_of(member(message, "id"));
      out.reply.model = text_of(member(message, "model"));
      read_usage(member(message, "usage"), out);
    } else if (type == "content_block_delta") {
      out.add_text(text_of(member(member(json, "delta"), "text")));
    } else if (type == "message_delta") {
      take_reason(member(json, "delta"), out);
      // Counts here are totals so far, not increments.
      read_usage(member(json, "usage"), out);
    } else if (type == "message_stop") {
      out.done = true;
    } else if (type == "error") {
      const Json& error = member(json, "error");
      out.fail(kind_of(text_of(member(error, "type"))), text_of(member(error, "message")));
    }
  }

  void read_whole(std::string_view body, ReplyBuilder& out) const override {
    const Json json = parse_json(body);
    if (!member(json, "content").is_array()) {
      out.fail(FailureKind::InvalidResponse, "the answer is not a message");
      return;
    }
    out.reply.id = text_of(member(json, "id"));
    out.reply.model = text_of(member(json, "model"));
    for (const Json& block : member(json, "content")) out.add_text(text_of(member(block, "text")));
    take_reason(json, out);
    read_usage(member(json, "usage"), out);
    out.done = true;
  }

  std::string models_path() const override { return "/v1/models"; }
  std::vector<std::string> read_models(std::string_view body) const override {
    return make_openai_chat({})->read_models(body);
  }

 private:
  static void take_reason(const Json& where, ReplyBuilder& out) {
    const std::string reason = text_of(member(where, "stop_reason"));
    if (reason.empty()) return;
    out.reply.stop = reason_of(reason);
    if (out.reply.stop == StopReason::Refused) out.reply.refusal = "the model refused";
  }

  // Input that was read from or written to the cache is billed beside input_tokens.
  static void read_usage(const Json& usage, ReplyBuilder& out) {
    if (!usage.is_object()) return;
    Usage& total = out.reply.usage;
    total.reported = true;
    if (usage.contains("output_tokens")) total.output = count_of(member(usage, "output_tokens"));
    if (!usage.contains("input_tokens")) return;
    total.cached = count_of(member(usage, "cache_read_input_tokens"));
    total.input = count_of(member(usage, "input_tokens")) + total.cached +
                  count_of(member(usage, "cache_creation_input_tokens"));
  }
};

}  // namespace

std::unique_ptr<Protocol> make_anthropic() {
  return std::make_unique<Anthropic>();
}

}  // namespace testgen::llm
