// OpenTelemetry's file format: each line is an OTLP document of one log record, which the
// collector's otlpjsonfile receiver reads.
#include <cmath>

#include "telemetry/logging/clean_text.h"
#include "telemetry/logging/line_format.h"
#include "telemetry/logging/redact.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

int severity_number(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return 5;
    case LogLevel::Info:
      return 9;
    case LogLevel::Warning:
      return 13;
    case LogLevel::Error:
      return 17;
    case LogLevel::Critical:
      return 21;
  }
  return 21;
}

std::string text_attribute(std::string_view key, const std::string& value) {
  std::string out = "{\"key\":\"" + std::string(key) + "\",\"value\":{\"stringValue\":";
  append_json_string(out, value);
  return out + "}}";
}

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

class OtelFormat final : public LineFormat {
 public:
  explicit OtelFormat(const LogIdentity& identity) {
    std::string resource = text_attribute("service.name", identity.service);
    if (!identity.version.empty()) {
      resource += "," + text_attribute("service.version", identity.version);
    }
    if (!identity.environment.empty()) {
      resource += "," + text_attribute("deployment.environment.name", identity.environment);
    }
    head_ = "{\"resourceLogs\":[{\"resource\":{\"attributes\":[" + resource +
            "]},\"scopeLogs\":[{\"scope\":{\"name\":\"testgen\"},\"logRecords\":[{"
            "\"timeUnixNano\":\"";
    events_ = for_each_event([](const LogEventSpec& spec) {
      return ",\"severityNumber\":" + std::to_string(severity_number(spec.level())) +
             ",\"severityText\":\"" + std::string(to_string(spec.level())) + "\",\"eventName\":\"" +
             std::string(spec.name) + "\",\"body\":{\"stringValue\":\"" +
             std::string(spec.message) + "\"},\"attributes\":[";
    });
  }

  void append(LineBuffer& out, const LogRecord& record) const override {
    const std::int64_t time =
        std::chrono::duration_cast<std::chrono::nanoseconds>(record.time.time_since_epoch())
            .count();
    out.append(head_);
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
    out.append("}]}]}]}\n");
  }

 private:
  std::string head_;   // up to the time
  EventTexts events_;  // from the time to the attributes
};

}  // namespace

std::unique_ptr<LineFormat> make_otel_format(const LogIdentity& identity) {
  return std::make_unique<OtelFormat>(identity);
}

}  // namespace testgen::telemetry
