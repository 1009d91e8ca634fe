#include "pipeline/sendable.h"

#include <array>

#include "base/strings.h"
#include "source/glob.h"
#include "telemetry/logging/redact.h"

namespace testgen::pipeline {
namespace {

constexpr std::array kSecretNames = std::to_array<std::string_view>(
    {"*secret*", "*credential*", "*password*", "*private_key*", "*.pem", "*.key", ".env*"});

// The file or a folder that it is in.
bool matches_anywhere(const source::Glob& glob, std::filesystem::path path) {
  for (; path.has_relative_path(); path = path.parent_path()) {
    if (glob.matches(path)) return true;
  }
  return false;
}

}  // namespace

std::string denied_by(const std::filesystem::path& file, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    if (matches_anywhere(source::Glob(pattern), file)) return pattern;
  }
  const std::filesystem::path name = base::to_lower(file.filename().string());
  for (const std::string_view pattern : kSecretNames) {
    if (source::Glob(pattern).matches(name)) return std::string(pattern);
  }
  return "";
}

std::string without_secrets(std::string_view text) {
  return telemetry::redact(text);
}

}  // namespace testgen::pipeline
