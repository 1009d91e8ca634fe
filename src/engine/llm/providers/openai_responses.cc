// OpenAI's Responses API. Nothing is stored on the provider's side ("store": false).
#include "engine/llm/providers/protocols.h"
#include "engine/llm/providers/request_parts.h"

namespace testgen::llm {
namespace {

class OpenAiResponses final : public Protocol {
 public:
  std::string path(const ChatRequest&) const override { return "/responses"; }

  std::string body(const ChatRequest& request) const override {
    Json input = Json::array();
    for (const Message& message : request.messages) add_items(message, input);
    Json out{{"model", request.model},
             {"input", std::move(input)},
             {"max_output_tokens", request.max_output_tokens},
             {"store", false},
             {"stream", true}};
    if (!request.system.empty()) out["instructions"] = request.system;
    if (request.temperature) out["temperature"] = *request.temperature;
    for (const Tool& tool : request.tools) {
      out["tools"].push_back({{"type", "function"},
                              {"name", tool.name},
                              {"description", tool.description},
                              {"parameters", tool_parameters(tool)},
                              {"strict", false}});
    }
    return dump_json(out);
  }

  std::vector<std::pair<std::string, std::string>> headers(const std::string& key) const override {
    if (key.empty()) return {};
    return {{"Authorization", "Bearer " + key}};
  }

  void read_event(const StreamEvent& event, ReplyBuilder& out) const override {
    const Json json = parse_json(event.data);
    if (!json.is_object()) {
      out.fail(FailureKind::InvalidResponse, "an event of the stream is not a JSON object");
      return;
    }
    const std::string type = text_of(member(json, "type"));
    if (type == "response.output_text.delta") {
      out.add_text(text_of(member(json, "delta")));
    } else if (type == "response.refusal.delta") {
      if (out.reply.refusal.size() < ReplyBuilder::kMaxText) {
        out.reply.refusal += text_of(member(json, "delta"));
      }
    } else if (type == "response.output_item.done") {
      take_call(member(json, "item"), out);
    } else if (type == "response.created") {
      name_reply(member(json, "response"), out);
    } else if (type == "response.completed" || type == "response.incomplete" ||
               type == "response.failed") {
      close(member(json, "response"), out);
    } else if (type == "error") {
      out.fail(FailureKind::Unavailable, text_of(member(json, "message")));
    }
  }

  void read_whole(std::string_view body, ReplyBuilder& out) const override {
    const Json json = parse_json(body);
    if (!member(json, "output").is_array()) {
      out.fail(FailureKind::InvalidResponse, "the answer is not a response");
      return;
    }
    for (const Json& part : member(json, "output")) {
      take_call(part, out);
      const Json& content = member(part, "content");
      if (!content.is_array()) continue;
      for (const Json& piece : content) {
        out.add_text(text_of(member(piece, "text")));
        out.reply.refusal += text_of(member(piece, "refusal"));
      }
    }
    close(json, out);
  }

  std::string models_path() const override { return "/models"; }
  std::vector<std::string> read_models(std::string_view body) const override {
    return make_openai_chat({})->read_models(body);
  }

 private:
  static void add_items(const Message& message, Json& input) {
    if (message.role == Role::Tool) {
      input.push_back({{"type", "function_call_output"},
                       {"call_id", message.answered.id},
                       {"output", message.text}});
      return;
    }
    if (!message.text.empty() || message.calls.empty()) input.push_back(plain_message(message));
    for (const ToolCall& call : message.calls) {
      input.push_back({{"type", "function_call"},
                       {"call_id", call.id},
                       {"name", call.name},
                       {"arguments", dump_json(arguments_object(call))}});
    }
  }

  static void take_call(const Json& item, ReplyBuilder& out) {
    if (text_of(member(item, "type")) != "function_call") return;
    ToolCall* call = out.call(out.reply.calls.size());
    if (call == nullptr) return;
    call->id = text_of(member(item, "call_id"));
    call->name = text_of(member(item, "name"));
    ReplyBuilder::add_arguments(*call, text_of(member(item, "arguments")));
  }

  static void name_reply(const Json& response, ReplyBuilder& out) {
    out.reply.id = text_of(member(response, "id"));
    out.reply.model = text_of(member(response, "model"));
  }

  static void close(const Json& response, ReplyBuilder& out) {
    name_reply(response, out);
    const Json& usage = member(response, "usage");
    if (usage.is_object()) {
      out.reply.usage = {
          .input = count_of(member(usage, "input_tokens")),
          .output = count_of(member(usage, "output_tokens")),
          .cached = count_of(member(member(usage, "input_tokens_details"), "cached_tokens")),
          .reported = true};
    }
    const std::string status = text_of(member(response, "status"));
    const std::string why = text_of(member(member(response, "incomplete_details"), "reason"));
    if (status == "failed") {
      const std::string message = text_of(member(member(response, "error"), "message"));
      out.fail(FailureKind::Unavailable, message.empty() ? "the response failed" : message);
      return;
    }
    out.reply.stop = status == "completed"        ? StopReason::Finished
                     : why == "max_output_tokens" ? StopReason::Length
                     : why == "content_filter"    ? StopReason::Refused
                                                  : StopReason::Other;
    if (!out.reply.calls.empty()) out.reply.stop = StopReason::ToolCall;
    if (!out.reply.refusal.empty()) out.reply.stop = StopReason::Refused;
    out.done = true;
  }
};

}  // namespace

std::unique_ptr<Protocol> make_openai_responses() {
  return std::make_unique<OpenAiResponses>();
}

}  // namespace testgen::llm
