// OpenAI's Chat Completions, which most other servers speak too: vLLM, llama.cpp, LM Studio,
// Ollama, Groq, DeepSeek, Azure.
#include "engine/llm/providers/protocols.h"
#include "engine/llm/providers/request_parts.h"

namespace testgen::llm {
namespace {

StopReason reason_of(const std::string& text) {
  if (text == "stop") return StopReason::Finished;
  if (text == "length") return StopReason::Length;
  if (text == "content_filter") return StopReason::Refused;
  if (text == "tool_calls" || text == "function_call") return StopReason::ToolCall;
  return StopReason::Other;
}

class OpenAiChat final : public Protocol {
 public:
  explicit OpenAiChat(ProtocolOptions options) : options_(options) {}

  std::string path(const ChatRequest&) const override { return "/chat/completions"; }

  std::string body(const ChatRequest& request) const override {
    Json messages = Json::array();
    if (!request.system.empty()) {
      messages.push_back({{"role", "system"}, {"content", request.system}});
    }
    for (const Message& message : request.messages) messages.push_back(message_json(message));
    Json out{{"model", request.model},
             {"messages", std::move(messages)},
             {"stream", true},
             {"stream_options", {{"include_usage", true}}}};
    out[options_.max_tokens_old_name ? "max_tokens" : "max_completion_tokens"] =
        request.max_output_tokens;
    if (request.temperature) out["temperature"] = *request.temperature;
    if (request.seed) out["seed"] = *request.seed;
    for (const Tool& tool : request.tools) {
      out["tools"].push_back({{"type", "function"},
                              {"function",
                               {{"name", tool.name},
                                {"description", tool.description},
                                {"parameters", tool_parameters(tool)}}}});
    }
    return dump_json(out);
  }

  std::vector<std::pair<std::string, std::string>> headers(const std::string& key) const override {
    if (key.empty()) return {};
    if (options_.api_key_header) return {{"api-key", key}};
    return {{"Authorization", "Bearer " + key}};
  }

  void read_event(const StreamEvent& event, ReplyBuilder& out) const override {
    if (event.data == "[DONE]") {
      out.done = true;
      return;
    }
    const Json json = parse_json(event.data);
    if (!json.is_object()) {
      out.fail(FailureKind::InvalidResponse, "an event of the stream is not a JSON object");
      return;
    }
    read(json, "delta", out);
  }

  void read_whole(std::string_view body, ReplyBuilder& out) const override {
    const Json json = parse_json(body);
    if (!member(json, "choices").is_array() && !json.contains("error")) {
      out.fail(FailureKind::InvalidResponse, "the answer is not a chat completion");
      return;
    }
    read(json, "message", out);
    out.done = true;
  }

  std::string models_path() const override { return "/models"; }
  std::vector<std::string> read_models(std::string_view body) const override {
    return texts_of(parse_json(body), "data", "id");
  }

 private:
  static Json message_json(const Message& message) {
    if (message.role == Role::Tool) {
      return {{"role", "tool"}, {"tool_call_id", message.answered.id}, {"content", message.text}};
    }
    Json out = plain_message(message);
    for (const ToolCall& call : message.calls) {
      out["tool_calls"].push_back(
          {{"id", call.id},
           {"type", "function"},
           {"function", {{"name", call.name}, {"arguments", dump_json(arguments_object(call))}}}});
    }
    return out;
  }

  // Of a stream they come in pieces, each with its number; of a whole answer in order.
  static void read_calls(const Json& calls, ReplyBuilder& out) {
    if (!calls.is_array()) return;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const Json& index = member(calls[i], "index");
      ToolCall* call = out.call(index.is_number_unsigned() ? index.get<std::uint64_t>() : i);
      if (call == nullptr) continue;
      const Json& function = member(calls[i], "function");
      if (call->id.empty()) call->id = text_of(member(calls[i], "id"));
      if (call->name.empty()) call->name = text_of(member(function, "name"));
      ReplyBuilder::add_arguments(*call, text_of(member(function, "arguments")));
    }
  }

  static void read(const Json& json, const char* part, ReplyBuilder& out) {
    if (const Json& error = member(json, "error"); !error.is_null()) {
      const std::string message = text_of(member(error, "message"));
      out.fail(FailureKind::Unavailable, message.empty() ? "error in the stream" : message);
      return;
    }
    if (const std::string id = text_of(member(json, "id")); !id.empty()) out.reply.id = id;
    if (const std::string model = text_of(member(json, "model")); !model.empty()) {
      out.reply.model = model;
    }
    const Json& choice = item(member(json, "choices"), 0);
    const Json& delta = member(choice, part);
    out.add_text(text_of(member(delta, "content")));
    read_calls(member(delta, "tool_calls"), out);
    if (out.reply.refusal.size() < ReplyBuilder::kMaxText) {
      out.reply.refusal += text_of(member(delta, "refusal"));
    }
    if (const std::string reason = text_of(member(choice, "finish_reason")); !reason.empty()) {
      out.reply.stop = reason_of(reason);
    }
    if (!out.reply.refusal.empty()) out.reply.stop = StopReason::Refused;
    const Json& usage = member(json, "usage");
    if (!usage.is_object()) return;
    out.reply.usage = {
        .input = count_of(member(usage, "prompt_tokens")),
        .output = count_of(member(usage, "completion_tokens")),
        .cached = count_of(member(member(usage, "prompt_tokens_details"), "cached_tokens")),
        .reported = true};
  }

  ProtocolOptions options_;
};

}  // namespace

std::unique_ptr<Protocol> make_openai_chat(const ProtocolOptions& options) {
  return std::make_unique<OpenAiChat>(options);
}

}  // namespace testgen::llm
