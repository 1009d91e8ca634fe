// Keeps secrets out of logs: by the name of a field, and by the look of a value. Errs on the
// side of hiding. Pure.
#pragma once

#include <string>
#include <string_view>

namespace testgen::telemetry {

inline constexpr std::string_view kRedacted = "[REDACTED]";

// True for keys that name a secret in one of their words: authorization, http.request.cookie,
// apiKey, refresh-token, db_password. "tokens" (a count) is not "token".
[[nodiscard]] bool is_secret_key(std::string_view key);

// True when the text may hold a secret; cheap, so that clean text is never copied.
[[nodiscard]] bool may_hold_secret(std::string_view text);

// The text with secrets replaced: bearer and basic credentials, keys with a vendor's prefix
// (sk-, ghp_, xoxb-, AKIA…), JSON web tokens, passwords in URLs, private keys, and
// name=value pairs whose name is a secret key.
[[nodiscard]] std::string redact(std::string_view text);

}  // namespace testgen::telemetry
