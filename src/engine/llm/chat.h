// What is said to a language model and what comes back, whoever serves it. Plain data. Replies
// are hostile input: their size is bounded where they are read.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testgen::llm {

enum class Role { User, Assistant, Tool };

// A function of ours that the model may call in place of answering. It takes one text.
struct Tool {
  std::string name;
  std::string description;
  std::string parameter;
  std::string parameter_description;
};

// A call as the model made it. Hostile like all it says.
struct ToolCall {
  std::string id;  // the provider's; empty where it has none
  std::string name;
  std::string arguments;  // a JSON object, or anything at all
  std::string signature;  // what the provider wants back with the call
  bool operator==(const ToolCall&) const = default;
};

struct Message {
  Role role = Role::User;
  std::string text;
  std::vector<ToolCall> calls{};  // of the assistant
  ToolCall answered{};            // what a message of the role Tool is the result of
  bool operator==(const Message&) const = default;
};

struct ChatRequest {
  std::string model;
  std::string system;
  std::vector<Message> messages;  // the last one is the user's, or a tool's
  std::vector<Tool> tools;
  std::uint32_t max_output_tokens = 4'096;
  std::optional<double> temperature;  // not sent when unset: some models refuse it
  std::optional<std::uint64_t> seed;
  std::string payer;  // whose budget it counts against, beside those of all; never sent
  // Of the exchange and not of what is asked: they continue the caller's trace.
  std::vector<std::pair<std::string, std::string>> headers{};
};

// Tokens as the provider bills them. `cached` is the part of `input` that was read from its
// prompt cache, `written` the part that was written to it, where the provider tells.
struct Usage {
  std::uint64_t input = 0;
  std::uint64_t output = 0;
  std::uint64_t cached = 0;
  std::optional<std::uint64_t> written{};
  bool reported = false;  // false: the provider said nothing
  bool operator==(const Usage&) const = default;
};

enum class StopReason { Finished, Length, Refused, ToolCall, Other };
[[nodiscard]] std::string_view to_string(StopReason reason);

struct ChatReply {
  std::string text;
  StopReason stop = StopReason::Other;
  std::string refusal;  // what the model or its provider said when it would not answer
  std::vector<ToolCall> calls;
  std::string id;
  std::string model;  // that answered, in the provider's words
  Usage usage;
  std::optional<std::chrono::nanoseconds> first_token;  // since the call; none: nothing came
};

// The values of the label error_type.
enum class FailureKind {
  Timeout,
  RateLimited,
  Unavailable,
  Authentication,
  InvalidResponse,
  Other,
};
[[nodiscard]] std::string_view to_string(FailureKind kind);

struct CallFailure {
  FailureKind kind = FailureKind::Other;
  std::string message;  // never holds a key
  int status = 0;       // of HTTP; 0: there was no answer
  std::optional<std::chrono::milliseconds> retry_after;
  bool retriable = false;
  bool may_be_billed = false;  // the request got through, and a reply may have been begun
  bool cancelled = false;      // we were asked to stop: nobody's fault
};

// One exchange with a provider. With a failure, `reply` holds what had come till then.
struct CallOutcome {
  ChatReply reply;
  std::optional<CallFailure> failure;
};

// Upper bound of the request's tokens: no tokenizer makes more of them than there are bytes.
[[nodiscard]] std::uint64_t token_bound(const ChatRequest& request);
// About how many there are, for limits of speed: source code has three bytes and more to a token.
[[nodiscard]] std::uint64_t token_estimate(const ChatRequest& request);

}  // namespace testgen::llm
