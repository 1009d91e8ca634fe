#include "telemetry/text.h"
#include "telemetry/tracing/otlp_encoding.h"
#include "telemetry/tracing/protobuf.h"

namespace testgen::telemetry {
namespace {

// Bits 8 and 9 of Span.flags: whether it is known that the parent is remote, and whether it is.
constexpr std::uint32_t kHasIsRemote = 0x100;
constexpr std::uint32_t kIsRemote = 0x200;

template <std::size_t N>
std::string_view as_text(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

ProtoWriter any_value(const AttributeValue& value) {
  ProtoWriter out;
  if (const auto* text = std::get_if<std::string>(&value)) {
    out.bytes(1, to_valid_utf8(*text));
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    out.varint(2, *flag ? 1 : 0);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    out.varint(3, static_cast<std::uint64_t>(*integer));
  } else if (const auto* real = std::get_if<double>(&value)) {
    out.real(4, *real);
  }
  return out;
}

void key_value(ProtoWriter& out, std::uint32_t field, std::string_view key,
               const AttributeValue& value) {
  ProtoWriter pair;
  pair.bytes(1, to_valid_utf8(key));
  pair.message(2, any_value(value));
  out.message(field, pair);
}

ProtoWriter event_message(const SpanEvent& event) {
  ProtoWriter out;
  out.fixed64(1, static_cast<std::uint64_t>(event.time_ns));
  out.bytes(2, to_valid_utf8(event.name));
  for (const Attribute& each : event.attributes) key_value(out, 3, each.key, each.value);
  return out;
}

ProtoWriter span_message(const SpanRecord& span) {
  ProtoWriter out;
  out.bytes(1, as_text(span.context.trace_id.bytes));
  out.bytes(2, as_text(span.context.span_id.bytes));
  if (!span.context.tracestate.empty()) out.bytes(3, span.context.tracestate);
  if (span.parent.valid()) out.bytes(4, as_text(span.parent.bytes));
  out.bytes(5, to_valid_utf8(span.name));
  out.varint(6, static_cast<std::uint64_t>(span.kind));
  out.fixed64(7, static_cast<std::uint64_t>(span.start_ns));
  out.fixed64(8, static_cast<std::uint64_t>(span.end_ns));
  for (const Attribute& each : span.attributes) key_value(out, 9, each.key, each.value);
  if (span.dropped_attributes != 0) out.varint(10, span.dropped_attributes);
  for (const SpanEvent& event : span.events) out.message(11, event_message(event));
  if (span.dropped_events != 0) out.varint(12, span.dropped_events);
  if (span.status != SpanStatus::Unset) {
    ProtoWriter status;
    if (!span.status_message.empty()) status.bytes(2, to_valid_utf8(span.status_message));
    status.varint(3, static_cast<std::uint64_t>(span.status));
    out.message(15, status);
  }
  out.fixed32(16, span.context.flags | kHasIsRemote | (span.parent_is_remote ? kIsRemote : 0U));
  return out;
}

}  // namespace

std::string encode_spans_protobuf(std::span<const FinishedSpan> spans, const Resource& resource) {
  ProtoWriter resource_message;
  for (const auto& [key, value] : resource) key_value(resource_message, 1, key, value);
  ProtoWriter scope;
  scope.bytes(1, "testgen");
  ProtoWriter scope_spans;
  scope_spans.message(1, scope);
  for (const FinishedSpan& span : spans) scope_spans.message(2, span_message(*span));
  ProtoWriter resource_spans;
  resource_spans.message(1, resource_message);
  resource_spans.message(2, scope_spans);
  ProtoWriter request;
  request.message(1, resource_spans);
  return request.take();
}

std::optional<PartialSuccess> parse_partial_success_protobuf(std::string_view body) {
  ProtoReader response(body);
  while (const auto field = response.next()) {
    if (field->number != 1 || field->bytes.data() == nullptr) continue;
    PartialSuccess result;
    ProtoReader partial(field->bytes);
    while (const auto part = partial.next()) {
      if (part->number == 1) result.rejected_spans = static_cast<std::int64_t>(part->value);
      if (part->number == 2) result.message = to_valid_utf8(part->bytes);
    }
    return result;
  }
  return std::nullopt;
}

}  // namespace testgen::telemetry
