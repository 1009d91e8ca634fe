// A place where a language model is served. The world begins here: everything above is tested
// with a simulator of this interface. Implementations are thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/llm/chat.h"

namespace testgen::llm {

// How long one exchange may take; each begins with the call.
struct CallLimits {
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds first_token{60'000};
  std::chrono::milliseconds whole{180'000};
};

// Gets the reply's text as it arrives.
using OnChunk = std::function<void(std::string_view text)>;

// Where calls go, for spans and for people.
struct ProviderPlace {
  std::string name;  // "openai": the label provider, and gen_ai.provider.name
  std::string host;
  int port = 0;
};

// What asking for the list of models, which costs no tokens, has shown.
struct ModelList {
  bool reachable = false;
  bool allowed = false;  // the key was taken
  std::string problem;   // why not, without the key
  std::vector<std::string> models;
};

class Provider {
 public:
  virtual ~Provider() = default;
  [[nodiscard]] virtual const ProviderPlace& place() const = 0;
  // One attempt, without retries; ends within its limits.
  [[nodiscard]] virtual CallOutcome complete(const ChatRequest& request, const CallLimits& limits,
                                             const OnChunk& on_chunk, std::stop_token stop) = 0;
  [[nodiscard]] virtual ModelList list_models(std::chrono::milliseconds timeout,
                                              std::stop_token stop) = 0;
};

}  // namespace testgen::llm
