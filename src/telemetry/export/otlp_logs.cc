#include "telemetry/export/otlp_logs.h"

#include "telemetry/logging/clean_text.h"
#include "telemetry/logging/otel_record.h"
#include "telemetry/logging/redact.h"

namespace testgen::telemetry {
namespace {

constexpr std::size_t kUsualRecordBytes = 512;  // more than most take, so that one block is enough

std::uint64_t nano(base::WallTime time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

void put_field(ProtoWriter& out, const LogField& field) {
  constexpr std::uint32_t kAttributes = 6;
  const std::string_view key = field.key.text();
  if (field.key.secret()) return put_key_value(out, kAttributes, key, kRedacted);
  std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string_view>) {
          put_key_value(out, kAttributes, key, CleanText(value).view());
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
          put_key_value(out, kAttributes, key, static_cast<std::int64_t>(value));
        } else {
          put_key_value(out, kAttributes, key, value);
        }
      },
      field.value.data());
}

}  // namespace

std::string encode_log_record_protobuf(const LogRecord& record) {
  const LogEventSpec& spec = spec_of(record.event);
  ProtoWriter out;
  out.reserve(kUsualRecordBytes);
  out.fixed64(1, nano(record.time));
  out.varint(2, severity_number(spec.level()));
  out.bytes(3, to_string(spec.level()));
  out.begin_message(5, ProtoWriter::bytes_size(spec.message.size()));
  out.bytes(1, spec.message);
  for (const LogField& field : record.fields) put_field(out, field);
  if (record.suppressed > 0) {
    put_key_value(out, 6, "suppressed", static_cast<std::int64_t>(record.suppressed));
  }
  if (record.context.trace_id.valid()) {
    out.fixed32(8, record.context.flags);
    out.bytes(9, as_text(record.context.trace_id.bytes));
    out.bytes(10, as_text(record.context.span_id.bytes));
  }
  out.fixed64(11, nano(record.time));
  out.bytes(12, spec.name);
  return out.take();
}

std::string encode_log_record_json(const LogRecord& record) {
  static const OtelRecord format;
  thread_local LineBuffer line;
  line.clear();
  format.append(line, record);
  return std::string(line.text());
}

std::string encode_logs_protobuf(std::span<const std::string> records, const Resource& resource) {
  std::size_t size = 0;
  for (const std::string& record : records) size += ProtoWriter::bytes_size(record.size());
  ProtoWriter head;
  head.message(1, scope_message());
  const std::string scope = head.take();
  ProtoWriter resource_head;
  resource_head.message(1, resource_message(resource));
  const std::string about = resource_head.take();
  const std::size_t scope_logs = scope.size() + size;
  ProtoWriter request;
  request.reserve(scope_logs + about.size() + 32);
  request.begin_message(1, about.size() + ProtoWriter::bytes_size(scope_logs));
  request.append(about);
  request.begin_message(2, scope_logs);
  request.append(scope);
  for (const std::string& record : records) request.bytes(2, record);
  return request.take();
}

std::string encode_logs_json(std::span<const std::string> records, const Resource& resource) {
  std::string out = R"({"resourceLogs":[{"resource":)";
  append_resource(out, resource);
  out += R"(,"scopeLogs":[{"scope":)" + json_scope() + R"(,"logRecords":)";
  append_list(out, records, [&](const std::string& record) { out += record; });
  out += "}]}]}";
  return out;
}

}  // namespace testgen::telemetry
