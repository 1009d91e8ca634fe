#include "telemetry/logging/redact.h"

#include <algorithm>
#include <array>

#include "telemetry/logging/vendor_keys.h"

namespace testgen::telemetry {
namespace {

using secret_key_detail::is_letter_or_digit;

// What search() must stop at; everything else is skipped byte by byte.
enum ByteClass : std::uint8_t { kSkip = 0, kSeparator = 1, kFirst = 2, kKeyChar = 4 };

constexpr auto kByteClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    if (is_letter_or_digit(c) || c == '-' || c == '_')
      classes[static_cast<std::size_t>(i)] = kKeyChar;
  }
  for (const char c : {'=', ':'}) classes[static_cast<unsigned char>(c)] |= kSeparator;
  // Bearer, Basic, JSON web tokens, -----BEGIN.
  for (const char c : {'b', 'B', 'e', '-'}) classes[static_cast<unsigned char>(c)] |= kFirst;
  for (const VendorKey& key : kVendorKeys) {
    classes[static_cast<unsigned char>(key.prefix.front())] |= kFirst;
  }
  return classes;
}();

std::uint8_t class_of(char c) {
  return kByteClasses[static_cast<unsigned char>(c)];
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_key_char(char c) {
  return (class_of(c) & kKeyChar) != 0;
}
bool is_credential_char(char c) {
  return is_key_char(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_quote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

bool belongs(char c, KeyAlphabet alphabet) {
  switch (alphabet) {
    case KeyAlphabet::Word:
      return is_key_char(c);
    case KeyAlphabet::Dotted:
      return is_key_char(c) || c == '.';
    case KeyAlphabet::Path:
      return is_key_char(c) || c == '.' || c == '/';
    case KeyAlphabet::Upper:
      return is_upper(c) || is_digit(c);
  }
  return false;
}

template <class Predicate>
std::size_t run_length(std::string_view text, Predicate predicate) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), predicate) -
                                  text.begin());
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (is_upper(a) ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

// Tells a key from hyphenated prose: it has a digit, a capital within a word, or no pause.
bool looks_random(std::string_view text) {
  constexpr std::size_t kLongestWord = 20;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i]) || text[i] == '+' || text[i] == '=') return true;
    if (!is_letter_or_digit(text[i])) {
      run = 0;
      continue;
    }
    if (is_upper(text[i]) && run > 0 && !is_upper(text[i - 1])) return true;
    if (++run > kLongestWord) return true;
  }
  return false;
}

using Found = std::optional<SecretPart>;

// "Bearer x" and "Basic x" at the start of `rest`: where the credential is.
Found match_scheme(std::string_view rest) {
  for (const std::string_view scheme : {"bearer", "basic"}) {
    if (!equals_ignoring_case(rest.substr(0, scheme.size()), scheme)) continue;
    const std::string_view after = rest.substr(scheme.size());
    const std::size_t blanks = run_length(after, is_blank);
    if (blanks == 0) return std::nullopt;
    const std::size_t length = run_length(after.substr(blanks), is_credential_char);
    if (length < 8 || !looks_random(after.substr(blanks, length))) return std::nullopt;
    return SecretPart{scheme.size() + blanks, scheme.size() + blanks + length};
  }
  return std::nullopt;
}

Found match_vendor_key(std::string_view rest) {
  for (const VendorKey& key : kVendorKeys) {
    if (!rest.starts_with(key.prefix)) continue;
    const std::string_view tail = rest.substr(key.prefix.size());
    const std::size_t length = run_length(tail, [&](char c) { return belongs(c, key.alphabet); });
    if (length < key.minimum || !looks_random(tail.substr(0, length))) continue;
    return SecretPart{key.keep_prefix ? key.prefix.size() : 0, key.prefix.size() + length};
  }
  return std::nullopt;
}

Found match_web_token(std::string_view rest) {
  if (!rest.starts_with("eyJ")) return std::nullopt;
  const std::size_t length = run_length(rest, [](char c) { return is_key_char(c) || c == '.'; });
  const auto dots = std::count(rest.begin(), rest.begin() + static_cast<long>(length), '.');
  if (length < 20 || dots < 2) return std::nullopt;
  return SecretPart{0, length};
}

Found match_private_key(std::string_view rest) {
  if (!rest.starts_with("-----BEGIN ")) return std::nullopt;
  constexpr std::size_t kLongestLabel = 64;
  const std::size_t label = rest.substr(0, kLongestLabel).find("PRIVATE KEY");
  if (label == std::string_view::npos) return std::nullopt;
  constexpr std::string_view kEnd = "-----END ";
  const std::size_t end = rest.find(kEnd, label);
  const std::size_t tail = end == rest.npos ? end : rest.find("-----", end + kEnd.size());
  return SecretPart{0, tail == rest.npos ? rest.size() : tail + 5};
}

// "://user:password@host": the password; "://key@host": the key.
Found match_url(std::string_view rest) {
  if (!rest.starts_with("://")) return std::nullopt;
  const std::size_t end = std::min(rest.find_first_of("/? \t\r\n\"'<>", 3), rest.size());
  const std::size_t at = rest.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at == 3) return std::nullopt;
  const std::size_t colon = rest.find(':', 3);
  if (colon < at) {
    if (colon + 1 == at) return std::nullopt;
    return SecretPart{colon + 1, at};
  }
  constexpr std::size_t kLongestUser = 15;
  if (at - 3 <= kLongestUser || !looks_random(rest.substr(3, at - 3))) return std::nullopt;
  return SecretPart{3, at};
}

// Telegram's "123456789:AA…", at the colon.
Found match_bot_token(std::string_view text, std::size_t colon) {
  std::size_t begin = colon;
  while (begin > 0 && is_digit(text[begin - 1])) --begin;
  if (colon - begin < 8 || colon - begin > 10) return std::nullopt;
  const std::string_view tail = text.substr(colon + 1);
  const std::size_t length = run_length(tail, is_key_char);
  if (length < 30 || !tail.starts_with("AA")) return std::nullopt;
  return SecretPart{begin, colon + 1 + length};
}

// The name before the separator at `at`, past blanks, quotes and escapes of quotes.
std::string_view name_before(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongestName = 64;
  constexpr std::size_t kLongestGap = 4;
  std::size_t end = at;
  while (end > 0 && at - end < kLongestGap &&
         (is_blank(text[end - 1]) || is_quote(text[end - 1]) || text[end - 1] == '\\')) {
    --end;
  }
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestName && is_key_char(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

// Where the value ends that begins at `at`; `quote` is what it was opened with, or 0.
std::size_t value_end(std::string_view text, std::size_t at, char quote, bool quote_is_escaped) {
  if (quote == 0) return std::min(text.find_first_of(" \t\r\n,;&\"')}<>", at), text.size());
  for (std::size_t i = at; i < text.size(); ++i) {
    const bool escaped = i > at && text[i - 1] == '\\';
    if (text[i] != quote || escaped != quote_is_escaped) continue;
    return quote_is_escaped ? i - 1 : i;
  }
  return text.size();
}

bool is_no_secret(std::string_view value) {
  constexpr std::array<std::string_view, 8> kNone{"true", "false", "null",  "none",
                                                  "None", "nil",   "unset", "undefined"};
  return value.empty() || std::find(kNone.begin(), kNone.end(), value) != kNone.end();
}

Found match_word(std::string_view rest) {
  if (rest.front() == '-') return match_private_key(rest);
  if (const Found found = match_scheme(rest)) return found;
  if (const Found found = match_vendor_key(rest)) return found;
  return match_web_token(rest);
}

// A value ends at a blank, but a secret within it may not: a private key has blanks and lines.
std::size_t past_inner_secrets(std::string_view text, std::size_t at, std::size_t end) {
  for (std::size_t i = at; i < end; ++i) {
    if ((class_of(text[i]) & kFirst) == 0 || (i > at && is_key_char(text[i - 1]))) continue;
    if (const Found inner = match_word(text.substr(i))) end = std::max(end, i + inner->end);
  }
  return end;
}

// name=value, name: value and "name": "value", at the separator.
Found match_assignment(std::string_view text, std::size_t separator) {
  const std::string_view name = name_before(text, separator);
  if (name.size() < 3) return std::nullopt;
  const bool secret = is_secret_key(name);
  const bool signature = equals_ignoring_case(name, "sig") || name.ends_with("ignature");
  if (!secret && !signature) return std::nullopt;
  std::size_t at = separator + 1;
  while (at < text.size() && (text[at] == '=' || text[at] == '>')) ++at;
  while (at < text.size() && is_blank(text[at])) ++at;
  bool escaped = false;
  char quote = 0;
  if (at + 1 < text.size() && text[at] == '\\' && is_quote(text[at + 1])) {
    escaped = true;
    ++at;
  }
  if (at < text.size() && is_quote(text[at])) quote = text[at++];
  std::size_t end = value_end(text, at, quote, escaped);
  if (quote == 0) {
    if (const Found scheme = match_scheme(text.substr(at))) end = at + scheme->end;
    // A header's value goes to the end of its line.
    else if (text[separator] == ':' &&
             (name.ends_with("ookie") || equals_ignoring_case(name, "authorization")))
      end = std::min(text.find_first_of("\r\n", at), text.size());
  }
  constexpr std::size_t kShortestSignature = 20;
  if (!secret && end - at < kShortestSignature) return std::nullopt;
  if (is_no_secret(text.substr(at, end - at))) return std::nullopt;
  return SecretPart{at, past_inner_secrets(text, at, end)};
}

Found moved(Found found, std::size_t by) {
  if (found) found = SecretPart{found->begin + by, found->end + by};
  return found;
}

Found match_separator(std::string_view text, std::size_t at) {
  if (text[at] == ':') {
    if (const Found url = moved(match_url(text.substr(at)), at)) return url;
    if (const Found bot = match_bot_token(text, at)) return bot;
  }
  return match_assignment(text, at);
}

}  // namespace

bool may_hold_secret(std::string_view text, const TextClasses& classes) {
  // The lengths are those of the shortest secrets: "pwd=x", "sk_live_" and ten more, "basic " and
  // eight more, and AKIA and sixteen more.
  if (classes.separator && text.size() >= 5) return true;
  if (classes.dash && text.size() >= 15) return true;
  if (classes.blank && text.size() >= 14) return true;
  if (classes.upper && text.size() >= 20) return true;
  // Databricks' keys alone are nothing but small letters and digits.
  return text.size() >= 36 && text.find("dapi") != std::string_view::npos;
}

std::optional<SecretPart> find_secret(std::string_view text, std::size_t from) {
  bool inside_word = from > 0 && is_key_char(text[from - 1]);
  for (std::size_t i = from; i < text.size(); ++i) {
    const std::uint8_t what = class_of(text[i]);
    if ((what & kSeparator) != 0) {
      // What lies before `from` was dealt with.
      if (const Found found = match_separator(text, i); found && found->end > from) {
        return SecretPart{std::max(found->begin, from), found->end};
      }
    } else if ((what & kFirst) != 0 && !inside_word) {
      if (const Found found = moved(match_word(text.substr(i)), i)) return found;
    }
    inside_word = (what & kKeyChar) != 0;
  }
  return std::nullopt;
}

std::string redact(std::string_view text) {
  if (!may_hold_secret(text, classify(text))) return std::string(text);
  std::string out;
  std::size_t done = 0;
  while (const auto secret = find_secret(text, done)) {
    out += text.substr(done, secret->begin - done);
    out += kRedacted;
    done = secret->end;
  }
  out += text.substr(done);
  return out;
}

}  // namespace testgen::telemetry
