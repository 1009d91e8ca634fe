// A named value of a log record: {"job_id", id}. Names are literals, checked when the program is
// compiled: they need no escaping, cannot clash with what every line has, and it is known
// beforehand which of them name a secret. Borrowed for one call.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "telemetry/logging/secret_key.h"
#include "telemetry/value.h"

namespace testgen::telemetry {

// What every line of some format has already.
inline constexpr std::array<std::string_view, 8> kReservedKeys{
    "timestamp", "level", "message", "service", "event", "trace_id", "span_id", "suppressed"};

[[nodiscard]] constexpr bool is_field_key(std::string_view key) {
  if (key.empty() || key.size() > 64 || key.front() < 'a' || key.front() > 'z') return false;
  for (const char c : key) {
    if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') return false;
  }
  return !secret_key_detail::one_of(key, kReservedKeys);
}

class FieldKey {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): {"job_id", id} is the point.
  template <std::size_t N>
  consteval FieldKey(const char (&key)[N]) : text_(key, N - 1), secret_(is_secret_key(text_)) {
    if (!is_field_key(text_)) throw "a log field is named in lower_case and not like a fixed key";
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }
  [[nodiscard]] constexpr bool secret() const { return secret_; }

 private:
  std::string_view text_;
  bool secret_;
};

struct LogField {
  FieldKey key;
  Value value;
};

}  // namespace testgen::telemetry
