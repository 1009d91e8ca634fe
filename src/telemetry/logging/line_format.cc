#include "telemetry/logging/line_format.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "telemetry/logging/clean_text.h"
#include "telemetry/logging/redact.h"

namespace testgen::telemetry {
namespace {

struct JsonValue {
  LineBuffer& out;
  void operator()(bool value) const { out.append(value ? "true" : "false"); }
  void operator()(std::int64_t value) const { out.append_number(value); }
  void operator()(std::uint64_t value) const { out.append_number(value); }
  void operator()(double value) const {
    if (std::isfinite(value)) {
      out.append_number(value);
    } else {
      out.append("null");  // JSON has no infinities
    }
  }
  void operator()(std::string_view value) const { append_clean_json(out, value); }
};

}  // namespace

std::optional<LogFormat> log_format_from(std::string_view text) {
  if (text == "json") return LogFormat::Json;
  if (text == "ecs") return LogFormat::Ecs;
  if (text == "otel") return LogFormat::Otel;
  if (text == "pretty") return LogFormat::Pretty;
  return std::nullopt;
}

std::unique_ptr<LineFormat> make_line_format(LogFormat format, const LogIdentity& identity,
                                             bool color) {
  switch (format) {
    case LogFormat::Json:
      return make_json_format(identity);
    case LogFormat::Ecs:
      return make_ecs_format(identity);
    case LogFormat::Otel:
      return make_otel_format(identity);
    case LogFormat::Pretty:
      break;
  }
  return make_pretty_format(color);
}

void append_timestamp(LineBuffer& out, base::WallTime time) {
  // Lines come many a second: all but the milliseconds is kept from the line before.
  constexpr std::size_t kKept = 20;  // "2026-11-22T17:30:00."
  struct Kept {
    std::int64_t second = std::numeric_limits<std::int64_t>::min();
    char text[kKept] = {};
  };
  thread_local Kept kept;
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto second = std::chrono::floor<std::chrono::seconds>(millis);
  if (second.count() != kept.second) {
    const std::string text = base::format_rfc3339(time);
    if (text.size() != kKept + 4) return out.append(text);  // a year past 9999
    std::memcpy(kept.text, text.data(), kKept);
    kept.second = second.count();
  }
  const auto rest = static_cast<unsigned>((millis - second).count());
  char* at = out.room(kKept + 4);
  std::memcpy(at, kept.text, kKept);
  at[kKept] = static_cast<char>('0' + rest / 100);
  at[kKept + 1] = static_cast<char>('0' + rest / 10 % 10);
  at[kKept + 2] = static_cast<char>('0' + rest % 10);
  at[kKept + 3] = 'Z';
  out.commit(kKept + 4);
}

void append_json_value(LineBuffer& out, const LogField& field) {
  // A secret is a text; a number under such a name is none.
  if (field.key.secret() && std::holds_alternative<std::string_view>(field.value.data())) {
    out.append('"');
    out.append(kRedacted);
    out.append('"');
  } else {
    std::visit(JsonValue{out}, field.value.data());
  }
}

}  // namespace testgen::telemetry
