// Google's Gemini API: streamGenerateContent with server-sent events. The key goes into a header,
// never into the URL, where logs would keep it.
#include "engine/llm/providers/protocols.h"
#include "engine/llm/providers/request_parts.h"

namespace testgen::llm {
namespace {

StopReason reason_of(const std::string& text) {
  if (text == "STOP") return StopReason::Finished;
  if (text == "MAX_TOKENS") return StopReason::Length;
  if (text == "SAFETY" || text == "RECITATION" || text == "PROHIBITED_CONTENT" ||
      text == "BLOCKLIST" || text == "SPII") {
    return StopReason::Refused;
  }
  return StopReason::Other;
}

class Gemini final : public Protocol {
 public:
  std::string path(const ChatRequest& request) const override {
    return "/models/" + url_safe(request.model) + ":streamGenerateContent?alt=sse";
  }

  std::string body(const ChatRequest& request) const override {
    Json contents = Json::array();
    for (const Message& message : request.messages) add_content(message, contents);
    Json out{{"contents", std::move(contents)},
             {"generationConfig", {{"maxOutputTokens", request.max_output_tokens}}}};
    if (!request.system.empty()) {
      out["systemInstruction"] = {{"parts", Json::array({{{"text", request.system}}})}};
    }
    if (request.temperature) out["generationConfig"]["temperature"] = *request.temperature;
    if (request.seed) out["generationConfig"]["seed"] = *request.seed;
    Json functions = Json::array();
    for (const Tool& tool : request.tools) {
      functions.push_back({{"name", tool.name},
                           {"description", tool.description},
                           {"parameters", tool_parameters(tool)}});
    }
    if (!functions.empty()) {
      out["tools"] = Json::array({{{"functionDeclarations", std::move(functions)}}});
    }
    return dump_json(out);
  }

  std::vector<std::pair<std::string, std::string>> headers(const std::string& key) const override {
    if (key.empty()) return {};
    return {{"x-goog-api-key", key}};
  }

  void read_event(const StreamEvent& event, ReplyBuilder& out) const override {
    read(event.data, out);
  }

  void read_whole(std::string_view body, ReplyBuilder& out) const override { read(body, out); }

  std::string models_path() const override { return "/models"; }
  std::vector<std::string> read_models(std::string_view body) const override {
    std::vector<std::string> out = texts_of(parse_json(body), "models", "name");
    constexpr std::string_view kHead = "models/";
    for (std::string& name : out) {
      if (name.starts_with(kHead)) name.erase(0, kHead.size());
    }
    return out;
  }

 private:
  static void add_content(const Message& message, Json& contents) {
    if (message.role == Role::Tool) {
      Json part{{"functionResponse",
                 {{"name", message.answered.name}, {"response", {{"result", message.text}}}}}};
      const bool joins = !contents.empty() && contents.back()["role"] == "user" &&
                         contents.back()["parts"][0].contains("functionResponse");
      if (joins) {
        contents.back()["parts"].push_back(std::move(part));
      } else {
        contents.push_back({{"role", "user"}, {"parts", Json::array({std::move(part)})}});
      }
      return;
    }
    Json parts = Json::array();
    if (!message.text.empty() || message.calls.empty()) parts.push_back({{"text", message.text}});
    for (const ToolCall& call : message.calls) {
      Json part{{"functionCall", {{"name", call.name}, {"args", arguments_object(call)}}}};
      if (!call.signature.empty()) part["thoughtSignature"] = call.signature;
      parts.push_back(std::move(part));
    }
    contents.push_back(
        {{"role", message.role == Role::User ? "user" : "model"}, {"parts", std::move(parts)}});
  }

  static void take_call(const Json& part, ReplyBuilder& out) {
    const Json& function = member(part, "functionCall");
    ToolCall* call = function.is_object() ? out.call(out.reply.calls.size()) : nullptr;
    if (call == nullptr) return;
    call->id = text_of(member(function, "id"));
    call->name = text_of(member(function, "name"));
    call->signature = text_of(member(part, "thoughtSignature"));
    if (call->signature.size() > ReplyBuilder::kMaxArguments) call->signature.clear();
    if (const Json& arguments = member(function, "args"); arguments.is_object()) {
      ReplyBuilder::add_arguments(*call, dump_json(arguments));
    }
  }

  // A model's name comes from the settings and must not leave its place in the path.
  static std::string url_safe(const std::string& name) {
    std::string out;
    for (const char c : name) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
      out += plain ? c : '_';
    }
    return out;
  }

  static void read(std::string_view text, ReplyBuilder& out) {
    const Json json = parse_json(text);
    if (!json.is_object()) {
      out.fail(FailureKind::InvalidResponse, "the answer is not a JSON object");
      return;
    }
    if (const Json& error = member(json, "error"); !error.is_null()) {
      out.fail(FailureKind::Unavailable, text_of(member(error, "message")));
      return;
    }
    if (const std::string id = text_of(member(json, "responseId")); !id.empty()) out.reply.id = id;
    if (const std::string model = text_of(member(json, "modelVersion")); !model.empty()) {
      out.reply.model = model;
    }
    const Json& candidate = item(member(json, "candidates"), 0);
    const Json& parts = member(member(candidate, "content"), "parts");
    if (parts.is_array()) {
      for (const Json& part : parts) {
        const Json& thought = member(part, "thought");
        if (!(thought.is_boolean() && thought.get<bool>()))
          out.add_text(text_of(member(part, "text")));
        take_call(part, out);
      }
    }
    const std::string blocked = text_of(member(member(json, "promptFeedback"), "blockReason"));
    if (!blocked.empty()) {
      out.reply.stop = StopReason::Refused;
      out.reply.refusal = "blocked: " + blocked;
      out.done = true;
    }
    if (const std::string reason = text_of(member(candidate, "finishReason")); !reason.empty()) {
      out.reply.stop = reason_of(reason);
      if (out.reply.stop == StopReason::Refused) out.reply.refusal = "stopped: " + reason;
      if (out.reply.stop == StopReason::Finished && !out.reply.calls.empty()) {
        out.reply.stop = StopReason::ToolCall;
      }
      out.done = true;
    }
    const Json& usage = member(json, "usageMetadata");
    if (!usage.is_object()) return;
    out.reply.usage = {.input = count_of(member(usage, "promptTokenCount")),
                       .output = count_of(member(usage, "candidatesTokenCount")) +
                                 count_of(member(usage, "thoughtsTokenCount")),
                       .cached = count_of(member(usage, "cachedContentTokenCount")),
                       .reported = true};
  }
};

}  // namespace

std::unique_ptr<Protocol> make_gemini() {
  return std::make_unique<Gemini>();
}

}  // namespace testgen::llm
