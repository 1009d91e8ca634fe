// Ollama's own API: one JSON document a line. Its context window is set for each call, because
// the server's default cuts prompts without a word.
#include <algorithm>

#include "engine/llm/providers/protocols.h"
#include "engine/llm/providers/request_parts.h"

namespace testgen::llm {
namespace {

class Ollama final : public Protocol {
 public:
  std::string path(const ChatRequest&) const override { return "/api/chat"; }

  std::string body(const ChatRequest& request) const override {
    constexpr std::uint64_t kStep = 4'096;
    Json messages = Json::array();
    if (!request.system.empty()) {
      messages.push_back({{"role", "system"}, {"content", request.system}});
    }
    for (const Message& message : request.messages) messages.push_back(message_json(message));
    const std::uint64_t tokens = token_estimate(request) + request.max_output_tokens;
    Json options{{"num_predict", request.max_output_tokens},
                 {"num_ctx", std::min<std::uint64_t>((tokens / kStep + 1) * kStep, 131'072)}};
    if (request.temperature) options["temperature"] = *request.temperature;
    if (request.seed) options["seed"] = *request.seed;
    Json out{{"model", request.model},
             {"messages", std::move(messages)},
             {"stream", true},
             {"options", std::move(options)}};
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
    return {{"Authorization", "Bearer " + key}};
  }

  Framing framing() const override { return Framing::Lines; }

  void read_event(const StreamEvent& event, ReplyBuilder& out) const override {
    read(event.data, out);
  }

  void read_whole(std::string_view body, ReplyBuilder& out) const override { read(body, out); }

  std::string models_path() const override { return "/api/tags"; }
  std::vector<std::string> read_models(std::string_view body) const override {
    return texts_of(parse_json(body), "models", "name");
  }

 private:
  static Json message_json(const Message& message) {
    if (message.role == Role::Tool) {
      return {{"role", "tool"}, {"tool_name", message.answered.name}, {"content", message.text}};
    }
    Json out = plain_message(message);
    for (const ToolCall& call : message.calls) {
      out["tool_calls"].push_back(
          {{"function", {{"name", call.name}, {"arguments", arguments_object(call)}}}});
    }
    return out;
  }

  static void read_calls(const Json& calls, ReplyBuilder& out) {
    if (!calls.is_array()) return;
    for (const Json& each : calls) {
      ToolCall* call = out.call(out.reply.calls.size());
      if (call == nullptr) return;
      const Json& function = member(each, "function");
      call->id = text_of(member(each, "id"));
      call->name = text_of(member(function, "name"));
      const Json& arguments = member(function, "arguments");
      if (arguments.is_object()) ReplyBuilder::add_arguments(*call, dump_json(arguments));
    }
  }

  static void read(std::string_view text, ReplyBuilder& out) {
    const Json json = parse_json(text);
    if (!json.is_object()) {
      out.fail(FailureKind::InvalidResponse, "a line of the stream is not a JSON object");
      return;
    }
    if (const std::string error = text_of(member(json, "error")); !error.empty()) {
      out.fail(FailureKind::Unavailable, error);
      return;
    }
    out.reply.model = text_of(member(json, "model"));
    out.add_text(text_of(member(member(json, "message"), "content")));
    read_calls(member(member(json, "message"), "tool_calls"), out);
    const Json& done = member(json, "done");
    if (!done.is_boolean() || !done.get<bool>()) return;
    out.done = true;
    const std::string reason = text_of(member(json, "done_reason"));
    out.reply.stop = reason == "length"                   ? StopReason::Length
                     : reason == "stop" || reason.empty() ? StopReason::Finished
                                                          : StopReason::Other;
    if (!out.reply.calls.empty()) out.reply.stop = StopReason::ToolCall;
    out.reply.usage = {.input = count_of(member(json, "prompt_eval_count")),
                       .output = count_of(member(json, "eval_count")),
                       .reported = json.contains("eval_count")};
  }
};

}  // namespace

std::unique_ptr<Protocol> make_ollama() {
  return std::make_unique<Ollama>();
}

}  // namespace testgen::llm
