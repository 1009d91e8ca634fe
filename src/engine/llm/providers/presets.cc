#include "engine/llm/providers/presets.h"

#include <array>

namespace testgen::llm {
namespace {

using enum ProtocolKind;

constexpr ProtocolOptions kCompatible{.max_tokens_old_name = true};

constexpr std::array kPresets = std::to_array<ProviderPreset>({
    {"ollama", Ollama, "http://127.0.0.1:11434", "", {}},
    {"llamacpp", OpenAiChat, "http://127.0.0.1:8080/v1", "", kCompatible},
    {"lmstudio", OpenAiChat, "http://127.0.0.1:1234/v1", "", kCompatible},
    {"vllm", OpenAiChat, "http://127.0.0.1:8000/v1", "", kCompatible},
    {"openai", OpenAiResponses, "https://api.openai.com/v1", "OPENAI_API_KEY", {}},
    {"openai-chat", OpenAiChat, "https://api.openai.com/v1", "OPENAI_API_KEY", {}},
    {"anthropic", Anthropic, "https://api.anthropic.com", "ANTHROPIC_API_KEY", {}},
    {"gemini", Gemini, "https://generativelanguage.googleapis.com/v1beta", "GEMINI_API_KEY", {}},
    {"groq", OpenAiChat, "https://api.groq.com/openai/v1", "GROQ_API_KEY", kCompatible},
    {"deepseek", OpenAiChat, "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", kCompatible},
    {"azure", OpenAiChat, "", "AZURE_OPENAI_API_KEY", {.api_key_header = true}},
    {"compatible", OpenAiChat, "", "TESTGEN_LLM_KEY", kCompatible},
});

}  // namespace

std::span<const ProviderPreset> provider_presets() {
  return kPresets;
}

const ProviderPreset* find_preset(std::string_view name) {
  for (const ProviderPreset& preset : kPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace testgen::llm
