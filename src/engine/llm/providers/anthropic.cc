// Anthropic's Messages API. The system prompt is marked for its prompt cache: it is the same for
// all functions of a run.
#include "engine/llm/providers/protocols.h"
#include "engine/llm/providers/request_parts.h"

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
    for (const Message& message : request.messages) add_message(message, messages);
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
    for (const Tool& tool : request.tools) {
      out["tools"].push_back({{"name", tool.name},
                              {"description", tool.description},
                              {"input_schema", tool_parameters(tool)}});
    }
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
    } else if (type == "content_block_start") {
      take_block(count_of(member(json, "index")), member(json, "content_block"), out);
    } else if (type == "content_block_delta") {
      const Json& delta = member(json, "delta");
      out.add_text(text_of(member(delta, "text")));
      const std::string piece = text_of(member(delta, "partial_json"));
      ToolCall* call = piece.empty() ? nullptr : out.call(count_of(member(json, "index")));
      if (call != nullptr) ReplyBuilder::add_arguments(*call, piece);
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
    for (const Json& block : member(json, "content")) {
      out.add_text(text_of(member(block, "text")));
      take_block(out.reply.calls.size(), block, out);
    }
    take_reason(json, out);
    read_usage(member(json, "usage"), out);
    out.done = true;
  }

  std::string models_path() const override { return "/v1/models"; }
  std::vector<std::string> read_models(std::string_view body) const override {
    return make_openai_chat({})->read_models(body);
  }

 private:
  // Results of tools are the user's, and those of one turn belong into one message.
  static void add_message(const Message& message, Json& messages) {
    if (message.role == Role::Tool) {
      Json result{
          {"type", "tool_result"}, {"tool_use_id", message.answered.id}, {"content", message.text}};
      const bool joins = !messages.empty() && messages.back()["role"] == "user" &&
                         messages.back()["content"].is_array();
      if (joins) {
        messages.back()["content"].push_back(std::move(result));
      } else {
        messages.push_back({{"role", "user"}, {"content", Json::array({std::move(result)})}});
      }
      return;
    }
    Json out = plain_message(message);
    if (!message.calls.empty()) {
      out["content"] = Json::array();
      if (!message.text.empty()) {
        out["content"].push_back({{"type", "text"}, {"text", message.text}});
      }
      for (const ToolCall& call : message.calls) {
        out["content"].push_back({{"type", "tool_use"},
                                  {"id", call.id},
                                  {"name", call.name},
                                  {"input", arguments_object(call)}});
      }
    }
    messages.push_back(std::move(out));
  }

  // Of a stream the input comes after it, in pieces.
  static void take_block(std::uint64_t index, const Json& block, ReplyBuilder& out) {
    if (text_of(member(block, "type")) != "tool_use") return;
    ToolCall* call = out.call(index);
    if (call == nullptr) return;
    call->id = text_of(member(block, "id"));
    call->name = text_of(member(block, "name"));
    const Json& input = member(block, "input");
    if (input.is_object() && !input.empty()) ReplyBuilder::add_arguments(*call, dump_json(input));
  }

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
    total.written = count_of(member(usage, "cache_creation_input_tokens"));
    total.input = count_of(member(usage, "input_tokens")) + total.cached + *total.written;
  }
};

}  // namespace

std::unique_ptr<Protocol> make_anthropic() {
  return std::make_unique<Anthropic>();
}

}  // namespace testgen::llm
