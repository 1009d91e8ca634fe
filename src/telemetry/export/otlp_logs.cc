#include "telemetry/export/otlp_logs.h"

#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

// OpenTelemetry's severity numbers: 5 DEBUG, 9 INFO, 13 WARN, 17 ERROR, 21 FATAL.
unsigned severity_number(LogLevel level) {
  return 5U + 4U * static_cast<unsigned>(level);
}

std::uint64_t nano(base::WallTime time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

AttributeValue borrowed(const LogEntry::Data& value) {
  return std::visit(
      [](const auto& held) -> AttributeValue {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::string>) {
          return std::string_view(held);
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
          return static_cast<std::int64_t>(held);
        } else {
          return held;
        }
      },
      value);
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ProtoWriter record_message(const LogEntry& entry) {
  const LogEventSpec& spec = spec_of(entry.event);
  ProtoWriter out;
  out.fixed64(1, nano(entry.time));
  out.varint(2, severity_number(spec.level()));
  out.bytes(3, to_string(spec.level()));
  ProtoWriter body;
  body.bytes(1, spec.message);
  out.message(5, body);
  for (const LogEntry::Attribute& each : entry.attributes) {
    put_key_value(out, 6, each.key, borrowed(each.value));
  }
  if (entry.trace_id.valid()) {
    out.fixed32(8, entry.trace_flags);
    out.bytes(9, as_text(entry.trace_id.bytes));
    out.bytes(10, as_text(entry.span_id.bytes));
  }
  out.fixed64(11, nano(entry.time));
  out.bytes(12, spec.name);
  return out;
}

void append_record(std::string& out, const LogEntry& entry) {
  const LogEventSpec& spec = spec_of(entry.event);
  out += "{\"timeUnixNano\":";
  append_quoted(out, nano(entry.time));
  out += ",\"observedTimeUnixNano\":";
  append_quoted(out, nano(entry.time));
  out +=
      ",\"severityNumber\":" + std::to_string(severity_number(spec.level())) + ",\"severityText\":";
  append_json_string(out, to_string(spec.level()));
  out += ",\"body\":";
  append_any_value(out, spec.message);
  out += ",\"eventName\":";
  append_json_string(out, spec.name);
  out += ",\"attributes\":";
  append_list(out, entry.attributes, [&](const LogEntry::Attribute& each) {
    append_key_value(out, each.key, borrowed(each.value));
  });
  if (entry.trace_id.valid()) {
    out += ",\"traceId\":\"" + entry.trace_id.hex() + "\",\"spanId\":\"" + entry.span_id.hex() +
           "\",\"flags\":" + std::to_string(entry.trace_flags);
  }
  out += '}';
}

}  // namespace

std::string encode_logs_protobuf(std::span<const LogEntry> entries, const Resource& resource) {
  ProtoWriter scope_logs;
  scope_logs.message(1, scope_message());
  for (const LogEntry& entry : entries) scope_logs.message(2, record_message(entry));
  ProtoWriter resource_logs;
  resource_logs.message(1, resource_message(resource));
  resource_logs.message(2, scope_logs);
  ProtoWriter request;
  request.message(1, resource_logs);
  return request.take();
}

std::string encode_logs_json(std::span<const LogEntry> entries, const Resource& resource) {
  std::string out = R"({"resourceLogs":[{"resource":)";
  append_resource(out, resource);
  out += R"(,"scopeLogs":[{"scope":)" + json_scope() + R"(,"logRecords":)";
  append_list(out, entries, [&](const LogEntry& entry) { append_record(out, entry); });
  out += "}]}]}";
  return out;
}

}  // namespace testgen::telemetry
