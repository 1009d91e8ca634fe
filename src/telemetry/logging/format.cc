#include "telemetry/logging/format.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "telemetry/logging/redact.h"
#include "telemetry/metrics/number.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

constexpr std::array<std::string_view, 6> kReserved{"timestamp", "level",    "message",
                                                    "service",   "trace_id", "span_id"};

// A log line is for reading; what is longer than this belongs elsewhere.
constexpr std::size_t kMaxValueBytes = 8192;

std::string_view bounded(std::string_view text) {
  return text.substr(0, kMaxValueBytes);
}

void append_clean_string(std::string& out, std::string_view text) {
  text = bounded(text);
  if (may_hold_secret(text)) {
    append_json_string(out, redact(text));
  } else {
    append_json_string(out, text);
  }
}

struct JsonValue {
  std::string& out;
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { out += std::to_string(value); }
  void operator()(std::uint64_t value) const { append_number(out, value); }
  void operator()(double value) const {
    if (std::isfinite(value)) {
      append_number(out, value);
    } else {
      out += "null";  // JSON has no infinities
    }
  }
  void operator()(std::string_view value) const { append_clean_string(out, value); }
};

// A secret is a text; a number under such a key (a count of tokens) is none.
bool hides(const Field& field) {
  return std::holds_alternative<std::string_view>(field.value.data()) && is_secret_key(field.key);
}

void append_value(std::string& out, const Field& field) {
  if (hides(field)) {
    append_json_string(out, kRedacted);
  } else {
    std::visit(JsonValue{out}, field.value.data());
  }
}

std::string_view color_of(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return "\x1b[2m";
    case LogLevel::Info:
      return "\x1b[32m";
    case LogLevel::Warning:
      return "\x1b[33m";
    case LogLevel::Error:
      return "\x1b[31m";
    case LogLevel::Critical:
      return "\x1b[1;31m";
  }
  return "";
}

// The inside of a JSON string: escapes whatever would move the terminal's cursor.
void append_plain(std::string& out, std::string_view text) {
  std::string quoted;
  append_clean_string(quoted, text);
  std::string_view inside(quoted);
  inside.remove_prefix(1);
  inside.remove_suffix(1);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && i + 1 < inside.size() && inside[i + 1] == '"') ++i;
    out += inside[i];
  }
}

}  // namespace

void append_json_line(std::string& out, const LogRecord& record) {
  out += "{\"timestamp\":\"";
  out += base::format_rfc3339(record.time);
  out += "\",\"level\":\"";
  out += to_string(record.level);
  out += "\",\"message\":";
  append_clean_string(out, record.message);
  out += ",\"service\":\"testgen-copilot\"";
  for (const Field& field : record.fields) {
    out += ',';
    if (std::find(kReserved.begin(), kReserved.end(), field.key) != kReserved.end()) {
      append_json_string(out, "field." + std::string(field.key));
    } else {
      append_json_string(out, field.key);
    }
    out += ':';
    append_value(out, field);
  }
  if (record.context.trace_id.valid()) {
    out += ",\"trace_id\":\"" + record.context.trace_id.hex() + '"';
  }
  if (record.context.span_id.valid()) {
    out += ",\"span_id\":\"" + record.context.span_id.hex() + '"';
  }
  out += "}\n";
}

void append_pretty_line(std::string& out, const LogRecord& record, bool color) {
  constexpr std::size_t kLevelWidth = 9;
  out += base::format_rfc3339(record.time);
  out += ' ';
  const std::string_view level = to_string(record.level);
  if (color) out += color_of(record.level);
  out += level;
  if (color) out += "\x1b[0m";
  out.append(kLevelWidth - level.size(), ' ');
  append_plain(out, record.message);
  for (const Field& field : record.fields) {
    out += ' ';
    append_plain(out, field.key);
    out += '=';
    append_value(out, field);
  }
  if (record.context.trace_id.valid()) out += " trace_id=" + record.context.trace_id.hex();
  out += '\n';
}

}  // namespace testgen::telemetry
