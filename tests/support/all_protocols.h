// One of each protocol that models speak: what they read does not hang on their options.
#pragma once

#include <memory>
#include <vector>

#include "engine/llm/providers/protocol.h"

namespace testgen::testing {

inline const std::vector<std::unique_ptr<llm::Protocol>>& protocols() {
  static const auto all = [] {
    using enum llm::ProtocolKind;
    std::vector<std::unique_ptr<llm::Protocol>> out;
    for (const auto kind : {OpenAiChat, OpenAiResponses, Anthropic, Gemini, Ollama}) {
      out.push_back(llm::make_protocol(kind, {}));
    }
    return out;
  }();
  return all;
}

}  // namespace testgen::testing
