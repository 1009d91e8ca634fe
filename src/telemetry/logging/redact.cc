#include "telemetry/logging/redact.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/strings.h"

namespace testgen::telemetry {
namespace {

// Words that make a key secret, alone or as neighbours ("api key" as one word is "apikey").
constexpr std::array<std::string_view, 12> kSecretWords{
    "authorization", "apikey", "token",      "password",   "passwd",      "secret",
    "cookie",        "pwd",    "credential", "passphrase", "credentials", "privatekey"};
constexpr std::array<std::string_view, 4> kSecretPairs{"apikey", "accesskey", "privatekey",
                                                       "secretkey"};

struct KeyPrefix {
  std::string_view prefix;
  std::size_t minimum;  // characters after the prefix that make it a key and not a word
};
constexpr std::array<KeyPrefix, 16> kKeyPrefixes{{{"sk-", 16},
                                                  {"sk_live_", 10},
                                                  {"sk_test_", 10},
                                                  {"rk_live_", 10},
                                                  {"ghp_", 20},
                                                  {"gho_", 20},
                                                  {"ghs_", 20},
                                                  {"github_pat_", 20},
                                                  {"glpat-", 16},
                                                  {"xoxb-", 10},
                                                  {"xoxp-", 10},
                                                  {"AKIA", 16},
                                                  {"ASIA", 16},
                                                  {"AIza", 30},
                                                  {"npm_", 30},
                                                  {"hf_", 20}}};

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_key_char(char c) {
  return is_alnum(c) || c == '-' || c == '_';
}
bool is_credential_char(char c) {
  return is_key_char(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

template <class Predicate>
std::size_t run_length(std::string_view text, Predicate predicate) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), predicate) -
                                  text.begin());
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && base::to_lower(text.substr(0, lower.size())) == lower;
}

// A secret found at the start of a text: how much of it stays and how much is hidden.
struct Match {
  std::size_t keep;
  std::size_t hide;
};

std::optional<Match> match_scheme(std::string_view text) {
  for (const std::string_view scheme : {"bearer ", "basic "}) {
    if (!starts_with_ignoring_case(text, scheme)) continue;
    const std::size_t length = run_length(text.substr(scheme.size()), is_credential_char);
    if (length >= 8) return Match{scheme.size(), length};
  }
  return std::nullopt;
}

std::optional<Match> match_vendor_key(std::string_view text) {
  for (const auto& [prefix, minimum] : kKeyPrefixes) {
    if (!text.starts_with(prefix)) continue;
    const std::size_t length = run_length(text, is_key_char);
    if (length >= prefix.size() + minimum) return Match{0, length};
  }
  return std::nullopt;
}

std::optional<Match> match_web_token(std::string_view text) {
  if (!text.starts_with("eyJ")) return std::nullopt;
  const auto part = [](char c) { return is_key_char(c) || c == '.'; };
  const std::size_t length = run_length(text, part);
  const auto dots = std::count(text.begin(), text.begin() + static_cast<long>(length), '.');
  if (length < 20 || dots < 2) return std::nullopt;
  return Match{0, length};
}

std::optional<Match> match_private_key(std::string_view text) {
  if (!text.starts_with("-----BEGIN ")) return std::nullopt;
  const std::size_t header = text.find("PRIVATE KEY-----");
  if (header == std::string_view::npos || header > 64) return std::nullopt;
  constexpr std::string_view kEnd = "-----END ";
  const std::size_t end = text.find(kEnd, header);
  const std::size_t tail =
      end == std::string_view::npos ? end : text.find("-----", end + kEnd.size());
  return Match{0, tail == std::string_view::npos ? text.size() : tail + 5};
}

// "://user:password@host": the password.
std::optional<Match> match_url_password(std::string_view text) {
  if (!text.starts_with("://")) return std::nullopt;
  const std::size_t end = std::min(text.find_first_of("/ \t\n\"'", 3), text.size());
  const std::size_t at = text.substr(0, end).rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t colon = text.find(':', 3);
  if (colon >= at) return std::nullopt;
  return Match{colon + 1, at - colon - 1};
}

// name=value, name: value and "name": "value", where the name is a secret key.
std::optional<Match> match_assignment(std::string_view text) {
  const std::size_t name = run_length(text, is_key_char);
  if (name < 3 || name > 64) return std::nullopt;
  std::size_t at = name;
  while (at < text.size() && (text[at] == '"' || text[at] == '\'' || text[at] == ' ')) ++at;
  if (at >= text.size() || (text[at] != '=' && text[at] != ':')) return std::nullopt;
  if (!is_secret_key(text.substr(0, name))) return std::nullopt;
  ++at;
  while (at < text.size() && text[at] == ' ') ++at;
  char quote = 0;
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) quote = text[at++];
  const std::string_view value = text.substr(at);
  std::size_t length = 0;
  if (quote != 0) {
    length = std::min(value.find(quote), value.size());
  } else if (const auto scheme = match_scheme(value)) {
    length = scheme->keep + scheme->hide;
  } else {
    length = std::min(value.find_first_of(" \t\n,;&\"')}"), value.size());
  }
  if (length == 0) return std::nullopt;
  return Match{at, length};
}

}  // namespace

bool is_secret_key(std::string_view key) {
  // Split into words at punctuation and at camelCase humps, in lower case.
  std::string previous;
  std::string word;
  const auto secret = [&] {
    if (std::find(kSecretWords.begin(), kSecretWords.end(), word) != kSecretWords.end())
      return true;
    const std::string pair = previous + word;
    return std::find(kSecretPairs.begin(), kSecretPairs.end(), pair) != kSecretPairs.end();
  };
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    const bool upper = c >= 'A' && c <= 'Z';
    const bool hump = upper && i > 0 && key[i - 1] >= 'a' && key[i - 1] <= 'z';
    if (!is_alnum(c) || hump) {
      if (secret()) return true;
      previous = std::exchange(word, {});
    }
    if (is_alnum(c)) word += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return secret();
}

bool may_hold_secret(std::string_view text) {
  // "pwd=x" is the shortest assignment, "Basic 12345678" the shortest of all others.
  return text.size() >= 14 || (text.size() >= 5 && text.find_first_of("=:") != text.npos);
}

std::string redact(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    // Patterns start at the beginning of a word, or are the :// of a URL.
    const bool word_start = i == 0 || !is_key_char(text[i - 1]);
    const std::string_view rest = text.substr(i);
    std::optional<Match> match;
    if (text[i] == ':') match = match_url_password(rest);
    if (word_start && !match) match = match_private_key(rest);
    if (word_start && !match && is_alnum(text[i])) {
      match = match_scheme(rest);
      if (!match) match = match_vendor_key(rest);
      if (!match) match = match_web_token(rest);
      if (!match) match = match_assignment(rest);
    }
    if (!match) {
      out += text[i++];
      continue;
    }
    out += rest.substr(0, match->keep);
    out += kRedacted;
    i += match->keep + match->hide;
  }
  return out;
}

}  // namespace testgen::telemetry
