#include "base/hash.h"

#include <openssl/sha.h>

#include <array>

namespace testgen::base {

std::string sha256_hex(std::string_view data) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.data());
  std::string text;
  text.reserve(digest.size() * 2);
  for (const unsigned char b : digest) {
    text.push_back(kDigits[b >> 4U]);
    text.push_back(kDigits[b & 15U]);
  }
  return text;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  // Hash first, so that unequal lengths take the same path too.
  const std::string x = sha256_hex(a);
  const std::string y = sha256_hex(b);
  unsigned char difference = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    difference = static_cast<unsigned char>(difference | (x[i] ^ y[i]));
  }
  return difference == 0 && a.size() == b.size();
}

}  // namespace testgen::base
