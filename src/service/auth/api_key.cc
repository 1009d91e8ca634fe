#include "service/auth/api_key.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/random.h"

namespace testgen::service {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
// The largest multiple of 62 a byte can hold; what is above would prefer some digits.
constexpr unsigned kFairBytes = 248;
constexpr std::size_t kHeadChars = kApiKeyPrefix.size() + kApiKeyIdDigits + 1;
constexpr std::size_t kKeyChars = kHeadChars + kApiKeySecretChars + kApiKeyChecksumChars;

std::string random_digits(std::size_t count) {
  std::string text;
  while (text.size() < count) {
    std::array<std::byte, 64> bytes{};
    base::random_bytes(bytes);
    for (const std::byte byte : bytes) {
      const auto value = std::to_integer<unsigned>(byte);
      if (value < kFairBytes && text.size() < count) text += kDigits[value % kDigits.size()];
    }
  }
  return text;
}

std::string checksum(std::string_view text) {
  auto rest = static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
  std::string digits(kApiKeyChecksumChars, kDigits[0]);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = kDigits[rest % kDigits.size()];
    rest /= static_cast<std::uint32_t>(kDigits.size());
  }
  return digits;
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::string make_api_key(std::string_view id) {
  std::string key = std::string(kApiKeyPrefix) + std::string(id) + "_";
  key += random_digits(kApiKeySecretChars);
  return key + checksum(key);
}

std::optional<std::string> api_key_id(std::string_view key) {
  if (key.size() != kKeyChars || !key.starts_with(kApiKeyPrefix) || key[kHeadChars - 1] != '_') {
    return std::nullopt;
  }
  const std::string_view id = key.substr(kApiKeyPrefix.size(), kApiKeyIdDigits);
  if (!std::all_of(id.begin(), id.end(), is_hex_digit)) return std::nullopt;
  const std::string_view body = key.substr(0, kKeyChars - kApiKeyChecksumChars);
  if (checksum(body) != key.substr(body.size())) return std::nullopt;
  return std::string(id);
}

std::string api_key_hash(std::string_view key) {
  return base::sha256_hex(key);
}

}  // namespace testgen::service
