// How a log record becomes one line, in each of the formats. What is the same in every line of an
// event is put together once, at the start. A line is valid UTF-8, holds no secret and no line
// break but its last byte. Thread-safe after construction.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/logging/line_buffer.h"
#include "telemetry/logging/log_record.h"

namespace testgen::telemetry {

enum class LogFormat : std::uint8_t {
  Json,  // {"timestamp":…,"level":…,"message":…,"service":…,"event":…,fields…,"trace_id":…}
  Ecs,     // Elastic Common Schema
  Otel,    // an OTLP JSON document a line, as the collector's file receiver reads them
  Pretty,  // for people
};
[[nodiscard]] std::optional<LogFormat> log_format_from(std::string_view text);

// Who writes the log.
struct LogIdentity {
  std::string service = "testgen-copilot";
  std::string version;
  std::string environment;  // "production"; may be empty
};

class LineFormat {
 public:
  virtual ~LineFormat() = default;
  virtual void append(LineBuffer& out, const LogRecord& record) const = 0;
};

[[nodiscard]] std::unique_ptr<LineFormat> make_line_format(LogFormat format,
                                                           const LogIdentity& identity, bool color);

// Each format has a file of its own.
[[nodiscard]] std::unique_ptr<LineFormat> make_json_format(const LogIdentity& identity);
[[nodiscard]] std::unique_ptr<LineFormat> make_ecs_format(const LogIdentity& identity);
[[nodiscard]] std::unique_ptr<LineFormat> make_otel_format(const LogIdentity& identity);
[[nodiscard]] std::unique_ptr<LineFormat> make_pretty_format(bool color);

// --- what formats share -------------------------------------------------------------------------

// One text for each event of the catalogue.
using EventTexts = std::array<std::string, kLogEvents.size()>;
template <class Make>
[[nodiscard]] EventTexts for_each_event(Make make) {
  EventTexts texts;
  for (const LogEventSpec& spec : kLogEvents)
    texts[static_cast<std::size_t>(spec.event)] = make(spec);
  return texts;
}

void append_timestamp(LineBuffer& out, base::WallTime time);  // 2026-11-22T17:30:00.123Z
void append_json_value(LineBuffer& out, const LogField& field);
template <std::size_t N>
void append_hex(LineBuffer& out, const std::array<std::uint8_t, N>& bytes) {
  write_hex(bytes.data(), N, out.room(2 * N));
  out.commit(2 * N);
}

// Each id that there is, as a text member of the object; the names bring what is before the text.
inline void append_ids(LineBuffer& out, const SpanContext& context, std::string_view trace_name,
                       std::string_view span_name) {
  if (context.trace_id.valid()) {
    out.append(trace_name);
    append_hex(out, context.trace_id.bytes);
    out.append('"');
  }
  if (context.span_id.valid()) {
    out.append(span_name);
    append_hex(out, context.span_id.bytes);
    out.append('"');
  }
}

}  // namespace testgen::telemetry
