// Ollama's own API: one JSON document a line. Its context window is set for each call, because
// the server's default cuts prompts without a word.
#include <algorithm>

#include "engine/llm/providers/json_reading.h"
#include "engine/llm/providers/protocols.h"

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
    for (const Message& message : request.messages) {
      messages.push_back(
          {{"role", message.role == Role::User ? "user" : "assistant"}, {"content", message.text}});
    }
    const std::uint64_t tokens = token_estimate(request) + request.max_output_tokens;
    Json options{{"num_predict", request.max_output_tokens},
                 {"num_ctx", std::min<std::uint64_t>((tokens / kStep + 1) * kStep, 131'072)}};
    if (request.temperature) options["temperature"] = *request.temperature;
    if (request.seed) options["seed"] = *request.seed;
    return dump_json(Json{{"model", request.model},
                          {"messages", std::move(messages)},
                          {"stream", true},
                          {"options", std::move(options)}});
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
    std::vector<std::string> out;
    const Json json = parse_json(body);
    const Json& models = member(json, "models");
    if (!models.is_array()) return out;
    for (const Json& model : models) out.push_back(text_of(member(model, "name")));
    return out;
  }

 private:
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
    const Json& done = member(json, "done");
    if (!done.is_boolean() || !done.get<bool>()) return;
    out.done = true;
    const std::string reason = text_of(member(json, "done_reason"));
    out.reply.stop = reason == "length"                   ? StopReason::Length
                     : reason == "stop" || reason.empty() ? StopReason::Finished
                                                          : StopReason::Other;
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
