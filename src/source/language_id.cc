#include "source/language_id.h"

#include <array>
#include <string_view>

#include "base/strings.h"

namespace testgen::source {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kEndings{{
    {".py", "python"},
    {".pyw", "python"},
}};

}  // namespace

std::optional<std::string> detect_language(const std::filesystem::path& path) {
  const std::string ending = base::to_lower(path.extension().string());
  for (const auto& [known, language] : kEndings) {
    if (ending == known) return std::string(language);
  }
  return std::nullopt;
}

std::string supported_endings() {
  std::string out;
  for (const auto& [known, language] : kEndings) {
    if (!out.empty()) out += ", ";
    out += known;
  }
  return out;
}

}  // namespace testgen::source
