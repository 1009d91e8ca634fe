#include "telemetry/export/otlp_logs.h"

#include "telemetry/logging/clean_text.h"
#include "telemetry/logging/otel_record.h"
#include "telemetry/logging/redact.h"

namespace testgen::telemetry {
namespace {

constexpr std::uint32_t kAttributes = 6;

std::uint64_t nano(base::WallTime time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

// `text` is valid UTF-8.
void put_text(ProtoWriter& out, std::string_view key, std::string_view text) {
  const std::size_t value = ProtoWriter::bytes_size(text.size());
  out.begin_message(kAttributes,
                    ProtoWriter::bytes_size(key.size()) + ProtoWriter::bytes_size(value));
  out.bytes(1, key);
  out.begin_message(2, value);
  out.bytes(1, text);
}

void put_field(ProtoWriter& out, const LogField& field) {
  const std::string_view key = field.key.text();
  if (field.key.secret()) return put_text(out, key, kRedacted);
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string_view>) {
          put_text(out, key, CleanText(value).view());
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
          put_key_value(out, kAttributes, key, static_cast<std::int64_t>(value));
        } else {
          put_key_value(out, kAttributes, key, value);
        }
      },
      field.value.data());
}

// What is the same in every record of an event.
std::string head_of(const LogEventSpec& spec) {
  ProtoWriter out;
  out.varint(2, severity_number(spec.level()));
  out.bytes(3, to_string(spec.level()));
  out.begin_message(5, ProtoWriter::bytes_size(spec.message.size()));
  out.bytes(1, spec.message);
  out.bytes(12, spec.name);
  return out.take();
}

}  // namespace

std::string_view encode_log_record_protobuf(const LogRecord& record) {
  static const EventTexts heads = for_each_event(head_of);
  thread_local ProtoWriter out;
  thread_local ProtoWriter framed;
  out.clear();
  out.fixed64(1, nano(record.time));
  out.append(heads[static_cast<std::size_t>(record.event)]);
  for (const LogField& field : record.fields) put_field(out, field);
  if (record.suppressed > 0) {
    put_key_value(out, kAttributes, "suppressed", static_cast<std::int64_t>(record.suppressed));
  }
  if (record.context.trace_id.valid()) {
    out.fixed32(8, record.context.flags);
    out.bytes(9, as_text(record.context.trace_id.bytes));
    out.bytes(10, as_text(record.context.span_id.bytes));
  }
  out.fixed64(11, nano(record.time));
  framed.clear();
  framed.message(2, out);
  return framed.view();
}

std::string_view encode_log_record_json(const LogRecord& record) {
  static const OtelRecord format;
  thread_local LineBuffer line;
  line.clear();
  line.append(',');
  format.append(line, record);
  return line.text();
}

std::string encode_logs_protobuf(const EncodedRecords& records, const Resource& resource) {
  return request_message(resource, records.bytes);
}

std::string encode_logs_json(const EncodedRecords& records, const Resource& resource) {
  std::string out = R"({"resourceLogs":[{"resource":)";
  append_resource(out, resource);
  out += R"(,"scopeLogs":[{"scope":)" + json_scope() + R"(,"logRecords":[)";
  out += std::string_view(records.bytes).substr(1);  // without the first comma
  out += "]}]}]}";
  return out;
}

}  // namespace testgen::telemetry
