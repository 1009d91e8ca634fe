#include "telemetry/logging/clean_text.h"

#include <array>

#include "base/strings.h"
#include "telemetry/logging/redact.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::size_t kLongestEscape = 6;                  // \u00XX

char* put(char* at, std::string_view text) {
  return std::copy(text.begin(), text.end(), at);
}

char* put_escape(char* at, char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  switch (c) {
    case '\n':
      return put(at, "\\n");
    case '\r':
      return put(at, "\\r");
    case '\t':
      return put(at, "\\t");
    case '"':
    case '\\':
      *at++ = '\\';
      *at++ = c;
      return at;
    default:
      at = put(at, "\\u00");
      *at++ = kDigits[static_cast<unsigned char>(c) >> 4U];
      *at++ = kDigits[static_cast<unsigned char>(c) & 15U];
      return at;
  }
}

char* put_valid(char* at, std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
      *at++ = c;
    } else {
      at = put_escape(at, c);
    }
  }
  return at;
}

void append_escaped(LineBuffer& out, std::string_view text) {
  char* const begin = out.room(kLongestEscape * text.size());
  char* at = begin;
  while (!text.empty()) {
    const std::size_t bad = std::min(base::find_invalid_utf8(text), text.size());
    at = put_valid(at, text.substr(0, bad));
    if (bad == text.size()) break;
    at = put(at, kReplacement);
    text.remove_prefix(bad + 1);
  }
  out.commit(static_cast<std::size_t>(at - begin));
}

// Calls `append` for each stretch of text between secrets, and puts a mark for each of them.
template <class Append>
void without_secrets(std::string_view text, Append append) {
  std::size_t done = 0;
  while (const auto secret = find_secret(text, done)) {
    append(text.substr(done, secret->begin - done));
    append(kRedacted);
    done = secret->end;
  }
  append(text.substr(done));
}

void append_clean(LineBuffer& out, std::string_view text) {
  const TextClasses classes = classify(text);
  const bool secrets = may_hold_secret(text, classes);
  if (!secrets && !classes.escapes) return out.append(text);
  const auto append = [&](std::string_view part) { append_escaped(out, part); };
  if (secrets) {
    without_secrets(text, append);
  } else {
    append(text);
  }
}

}  // namespace

void append_clean_json(LineBuffer& out, std::string_view text) {
  out.append('"');
  append_clean(out, text.substr(0, kMaxLogTextBytes));
  out.append('"');
}

CleanText::CleanText(std::string_view text) : view_(text.substr(0, kMaxLogTextBytes)) {
  const TextClasses classes = classify(view_);
  if (!classes.escapes && !may_hold_secret(view_, classes)) return;
  copy_ = to_valid_utf8(redact(view_));
  view_ = copy_;
}

}  // namespace testgen::telemetry
