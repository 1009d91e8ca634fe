#include "telemetry/logging/otel_record.h"

#include <cmath>

#include "telemetry/logging/clean_text.h"
#include "telemetry/logging/redact.h"

namespace testgen::telemetry {
namespace {

// In OTLP's JSON, 64-bit integers are texts, and so are the doubles that JSON has no digits for.
struct AnyValue {
  LineBuffer& out;
  bool secret;

  void operator()(bool value) const {
    out.append("\"boolValue\":");
    out.append(value ? "true" : "false");
  }
  void operator()(std::int64_t value) const { integer(value); }
  void operator()(std::uint64_t value) const { integer(value); }
  void operator()(double value) const {
    out.append("\"doubleValue\":");
    if (std::isfinite(value)) {
      out.append_number(value);
    } else {
      out.append(std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    }
  }
  void operator()(std::string_view value) const {
    out.append("\"stringValue\":");
    append_clean_json(out, secret ? kRedacted : value);
  }

 private:
  template <class Integer>
  void integer(Integer value) const {
    out.append("\"intValue\":\"");
    out.append_number(value);
    out.append('"');
  }
};

}  // namespace

OtelRecord::OtelRecord()
    : events_(for_each_event([](const LogEventSpec& spec) {
        return ",\"severityNumber\":" + std::to_string(severity_number(spec.level())) +
               ",\"severityText\":\"" + std::string(to_string(spec.level())) +
               "\",\"eventName\":\"" + std::string(spec.name) + "\",\"body\":{\"stringValue\":\"" +
               std::string(spec.message) + "\"},\"attributes\":[";
      })) {}

void OtelRecord::append(LineBuffer& out, const LogRecord& record) const {
  const std::int64_t time =
      std::chrono::duration_cast<std::chrono::nanoseconds>(record.time.time_since_epoch()).count();
  out.append("{\"timeUnixNano\":\"");
  out.append_number(time);
  out.append("\",\"observedTimeUnixNano\":\"");
  out.append_number(time);
  out.append('"');
  out.append(events_[static_cast<std::size_t>(record.event)]);
  bool first = true;
  const auto begin_attribute = [&](std::string_view key) {
    out.append(first ? "{\"key\":\"" : ",{\"key\":\"");
    first = false;
    out.append(key);
    out.append("\",\"value\":{");
  };
  for (const LogField& field : record.fields) {
    begin_attribute(field.key.text());
    std::visit(AnyValue{out, field.key.secret()}, field.value.data());
    out.append("}}");
  }
  if (record.suppressed > 0) {
    begin_attribute("suppressed");
    AnyValue{out, false}(record.suppressed);
    out.append("}}");
  }
  out.append(']');
  if (record.context.trace_id.valid()) {
    out.append(",\"traceId\":\"");
    append_hex(out, record.context.trace_id.bytes);
    out.append("\",\"flags\":");
    out.append_number(static_cast<unsigned>(record.context.flags));
  }
  if (record.context.span_id.valid()) {
    out.append(",\"spanId\":\"");
    append_hex(out, record.context.span_id.bytes);
    out.append('"');
  }
  out.append('}');
}

}  // namespace testgen::telemetry
