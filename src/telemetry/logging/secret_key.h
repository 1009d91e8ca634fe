// Does the name of a field say that its value is a secret? Decided at compile time for the keys
// of the program's own log fields, at run time for names found in texts. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace testgen::telemetry {
namespace secret_key_detail {

// Words that make a name secret, alone or as neighbours ("api key" as one word is "apikey").
inline constexpr std::array<std::string_view, 12> kWords{
    "authorization", "apikey", "token",      "password",   "passwd",      "secret",
    "cookie",        "pwd",    "credential", "passphrase", "credentials", "privatekey"};
inline constexpr std::array<std::string_view, 6> kPairs{"apikey",    "accesskey",  "privatekey",
                                                        "secretkey", "accountkey", "licensekey"};
// Last words that turn the name into one about the secret: token_type, password_file.
inline constexpr std::array<std::string_view, 14> kAbout{
    "count", "counts", "type",  "file",    "path",   "limit",   "usage",
    "name",  "length", "bytes", "expires", "expiry", "present", "policy"};

template <std::size_t N>
constexpr bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  for (const std::string_view candidate : words) {
    if (candidate == word) return true;
  }
  return false;
}

constexpr bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Two neighbouring words of a name in lower case; what is longer than any of ours is cut.
struct Words {
  static constexpr std::size_t kMax = 24;
  std::array<char, 2 * kMax> text{};
  std::size_t previous = 0;  // length of the word before
  std::size_t current = 0;   // length of the word being read, which follows it

  constexpr void add(char c) {
    if (current < kMax) text[previous + current++] = c;
  }
  constexpr void next() {
    if (current == 0) return;
    for (std::size_t i = 0; i < current; ++i) text[i] = text[previous + i];
    previous = current;
    current = 0;
  }
  [[nodiscard]] constexpr std::string_view word() const {
    return {text.data() + previous, current};
  }
  [[nodiscard]] constexpr std::string_view pair() const {
    return {text.data(), previous + current};
  }
};

}  // namespace secret_key_detail

// True for authorization, http.request.cookie, apiKey, refresh-token, db_password; false for
// tokens (a count is no secret), token_type, password_file.
[[nodiscard]] constexpr bool is_secret_key(std::string_view key) {
  using namespace secret_key_detail;
  Words words;
  bool secret = false;
  const auto look = [&] {
    secret = secret || one_of(words.word(), kWords) || one_of(words.pair(), kPairs);
  };
  // Words end at punctuation and at camelCase humps.
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    const bool upper = c >= 'A' && c <= 'Z';
    const bool hump = upper && i > 0 && key[i - 1] >= 'a' && key[i - 1] <= 'z';
    if (!is_letter_or_digit(c) || hump) {
      look();
      words.next();
    }
    if (is_letter_or_digit(c)) words.add(upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  look();
  return secret && !one_of(words.word(), kAbout);
}

}  // namespace testgen::telemetry
