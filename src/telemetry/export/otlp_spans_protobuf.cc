#include "telemetry/export/otlp_spans.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

// Bits 8 and 9 of Span.flags: whether it is known that the parent is remote, and whether it is.
constexpr std::uint32_t kHasIsRemote = 0x100;
constexpr std::uint32_t kIsRemote = 0x200;

ProtoWriter event_message(const SpanEvent& event) {
  ProtoWriter out;
  out.fixed64(1, static_cast<std::uint64_t>(event.time_ns));
  out.bytes(2, to_valid_utf8(event.name));
  for (const Attribute& each : event.attributes) put_key_value(out, 3, each.key(), each.value());
  return out;
}

void put_span(ProtoWriter& out, const SpanRecord& span) {
  out.bytes(1, as_text(span.context.trace_id.bytes));
  out.bytes(2, as_text(span.context.span_id.bytes));
  if (!span.context.tracestate().empty()) out.bytes(3, span.context.tracestate());
  if (span.parent.valid()) out.bytes(4, as_text(span.parent.bytes));
  out.bytes(5, to_valid_utf8(span.name()));
  out.varint(6, static_cast<std::uint64_t>(span.kind));
  out.fixed64(7, static_cast<std::uint64_t>(span.start_ns));
  out.fixed64(8, static_cast<std::uint64_t>(span.end_ns));
  for (const Attribute& each : span.attributes()) put_key_value(out, 9, each.key(), each.value());
  if (span.dropped_attributes != 0) out.varint(10, span.dropped_attributes);
  for (const SpanEvent& event : span.events()) out.message(11, event_message(event));
  if (span.dropped_events != 0) out.varint(12, span.dropped_events);
  if (span.status() != SpanStatus::Unset) {
    ProtoWriter status;
    if (!span.status_message().empty()) status.bytes(2, to_valid_utf8(span.status_message()));
    status.varint(3, static_cast<std::uint64_t>(span.status()));
    out.message(15, status);
  }
  out.fixed32(16, span.context.flags | kHasIsRemote | (span.parent_is_remote ? kIsRemote : 0U));
}

}  // namespace

std::string encode_spans_protobuf(const std::vector<FinishedSpan>& spans,
                                  const Resource& resource) {
  ProtoWriter list;
  ProtoWriter one;
  for (const FinishedSpan& span : spans) {
    one.clear();
    put_span(one, *span);
    list.message(2, one);
  }
  return request_message(resource, list.view());
}

}  // namespace testgen::telemetry
