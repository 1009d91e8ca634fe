// The text of an API key: tgc_<id>_<secret><checksum>. The prefix and the checksum let secret
// scanners find a leaked one without asking anybody, and the id says which to revoke. The id is
// public, the secret has 190 bits, the checksum is the CRC-32 of all before it. Pure, but for
// the randomness of make_api_key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace testgen::service {

inline constexpr std::string_view kApiKeyPrefix = "tgc_";
inline constexpr std::size_t kApiKeyIdDigits = 10;     // lower-case hexadecimal
inline constexpr std::size_t kApiKeySecretChars = 32;  // letters and digits
inline constexpr std::size_t kApiKeyChecksumChars = 6;

// A new key of that id.
[[nodiscard]] std::string make_api_key(std::string_view id);
// The id inside, when the text is whole: right form, right checksum.
[[nodiscard]] std::optional<std::string> api_key_id(std::string_view key);
// What is kept of a key. A plain hash is enough, because nobody can guess 190 bits.
[[nodiscard]] std::string api_key_hash(std::string_view key);

}  // namespace testgen::service
