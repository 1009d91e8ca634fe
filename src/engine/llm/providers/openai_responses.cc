// OpenAI's Responses API. Nothing is stored on the provider's side ("store": false).
#include "engine/llm/providers/json_reading.h"
#include "engine/llm/providers/protocols.h"

namespace testgen::llm {
namespace {

class OpenAiResponses final : public Protocol {
 public:
  std::string path(const ChatRequest&) const override { return "/responses"; }

  std::string body(const ChatRequest& request) const override {
    Json input = Json::array();
    for (const Message& message : request.messages) {
      input.push_back(
          {{"role", message.role == Role::User ? "user" : "assistant"}, {"content", message.text}});
    }
    Json out{{"model", request.model},
             {"input", std::move(input)},
             {"max_output_tokens", request.max_output_tokens},
             {"store", false},
             {"stream", true}};
    if (!request.system.empty()) out["instructions"] = request.system;
    if (request.temperature) out["temperature"] = *request.temperature;
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
    if (!out.reply.refusal.empty()) out.reply.stop = StopReason::Refused;
    out.done = true;
  }
};

}  // namespace

std::unique_ptr<Protocol> make_openai_responses() {
  return std::make_unique<OpenAiResponses>();
}

}  // namespace testgen::llm
