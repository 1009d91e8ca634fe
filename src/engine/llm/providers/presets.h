// The providers that are known by name: how they are spoken to, where they are, and which
// variable holds their key. Constant data.
#pragma once

#include <span>
#include <string_view>

#include "engine/llm/providers/protocol.h"

namespace testgen::llm {

struct ProviderPreset {
  std::string_view name;
  ProtocolKind protocol = ProtocolKind::OpenAiChat;
  std::string_view url;           // empty: it must be given
  std::string_view key_variable;  // empty: none is needed
  ProtocolOptions options;
};

[[nodiscard]] std::span<const ProviderPreset> provider_presets();
// By name, or nullptr.
[[nodiscard]] const ProviderPreset* find_preset(std::string_view name);

}  // namespace testgen::llm
