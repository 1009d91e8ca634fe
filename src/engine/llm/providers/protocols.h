// The protocols there are; make_protocol() chooses among them.
#pragma once

#include <memory>

#include "engine/llm/providers/protocol.h"

namespace testgen::llm {

[[nodiscard]] std::unique_ptr<Protocol> make_openai_chat(const ProtocolOptions& options);
[[nodiscard]] std::unique_ptr<Protocol> make_openai_responses();
[[nodiscard]] std::unique_ptr<Protocol> make_anthropic();
[[nodiscard]] std::unique_ptr<Protocol> make_gemini();
[[nodiscard]] std::unique_ptr<Protocol> make_ollama();

}  // namespace testgen::llm
