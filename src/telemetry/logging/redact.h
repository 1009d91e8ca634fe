// Keeps secrets out of what leaves the process, by the look of a text: credentials with a
// vendor's prefix, bearer and basic credentials, JSON web tokens, private keys, passwords in
// URLs, webhooks, and name=value pairs whose name is that of a secret (secret_key.h). Errs on
// the side of hiding. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/logging/secret_key.h"
#include "telemetry/logging/text_classes.h"

namespace testgen::telemetry {

inline constexpr std::string_view kRedacted = "[REDACTED]";

// False when the text cannot hold a secret; cheap, so that clean text is never searched.
[[nodiscard]] bool may_hold_secret(std::string_view text, const TextClasses& classes);

struct SecretPart {
  std::size_t begin;
  std::size_t end;  // past it; greater than begin
};

// The first secret that begins at or after `from`.
[[nodiscard]] std::optional<SecretPart> find_secret(std::string_view text, std::size_t from);

// The text with its secrets replaced.
[[nodiscard]] std::string redact(std::string_view text);

}  // namespace testgen::telemetry
