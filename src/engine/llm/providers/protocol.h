// One vendor's way to ask and to answer, as pure functions over texts: no network, no clock. The
// transport (http_provider.h) is the same for all. Written from the vendors' public API
// references. What is read is hostile: any text gives a reply, a failure or nothing. Stateless
// and thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/llm/chat.h"
#include "engine/llm/providers/event_stream.h"

namespace testgen::llm {

// A reply while it arrives. Text past the limit ends it.
class ReplyBuilder {
 public:
  static constexpr std::size_t kMaxText = std::size_t{1} << 20U;
  static constexpr std::size_t kMostCalls = 16;         // of tools
  static constexpr std::size_t kMaxArguments = 16'384;  // bytes of one call

  ChatReply reply;
  bool done = false;  // the protocol's own end was seen
  std::optional<CallFailure> failure;

  void add_text(std::string_view text);
  // The call that the protocol counts as number `index` of the reply; made when it is new. Null
  // past the limit: what is said of it is left out.
  [[nodiscard]] ToolCall* call(std::uint64_t index);
  static void add_arguments(ToolCall& call, std::string_view piece);
  void fail(FailureKind kind, std::string message);

 private:
  std::vector<std::uint64_t> indices_;  // of reply.calls
};

class Protocol {
 public:
  virtual ~Protocol() = default;
  // Of the request's URL, after the base.
  [[nodiscard]] virtual std::string path(const ChatRequest& request) const = 0;
  [[nodiscard]] virtual std::string body(const ChatRequest& request) const = 0;
  // With the key, or without when it is empty.
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> headers(
      const std::string& key) const = 0;
  [[nodiscard]] virtual Framing framing() const { return Framing::EventStream; }
  virtual void read_event(const StreamEvent& event, ReplyBuilder& out) const = 0;
  // An answer that came whole, from servers that do not stream.
  virtual void read_whole(std::string_view body, ReplyBuilder& out) const = 0;

  [[nodiscard]] virtual std::string models_path() const = 0;
  [[nodiscard]] virtual std::vector<std::string> read_models(std::string_view body) const = 0;
};

enum class ProtocolKind { OpenAiChat, OpenAiResponses, Anthropic, Gemini, Ollama };

struct ProtocolOptions {
  bool max_tokens_old_name = false;  // "max_tokens", which OpenAI itself has replaced
  bool api_key_header = false;       // Azure: "api-key" in place of a bearer token
};

[[nodiscard]] std::unique_ptr<Protocol> make_protocol(ProtocolKind kind,
                                                      const ProtocolOptions& options = {});

// What an HTTP answer with an error status says: kind, message, and whether to try again.
[[nodiscard]] CallFailure read_error(int status, std::string_view body);

}  // namespace testgen::llm
