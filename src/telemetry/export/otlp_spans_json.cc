#include "telemetry/export/otlp_spans.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

void append_attributes(std::string& out, std::span<const Attribute> attributes) {
  append_list(out, attributes,
              [&](const Attribute& each) { append_key_value(out, each.key(), each.value()); });
}

void append_event(std::string& out, const SpanEvent& event) {
  out += "{\"timeUnixNano\":";
  append_quoted(out, event.time_ns);
  out += ",\"name\":";
  append_json_string(out, event.name);
  out += ",\"attributes\":";
  append_attributes(out, event.attributes);
  out += '}';
}

void append_span(std::string& out, const SpanRecord& span) {
  out += "{\"traceId\":\"" + span.context.trace_id.hex() + "\",\"spanId\":\"" +
         span.context.span_id.hex() + '"';
  if (!span.context.tracestate().empty()) {
    out += ",\"traceState\":";
    append_json_string(out, span.context.tracestate());
  }
  if (span.parent.valid()) out += ",\"parentSpanId\":\"" + span.parent.hex() + '"';
  out += ",\"name\":";
  append_json_string(out, span.name());
  out += ",\"kind\":" + std::to_string(static_cast<int>(span.kind));
  out += ",\"startTimeUnixNano\":";
  append_quoted(out, span.start_ns);
  out += ",\"endTimeUnixNano\":";
  append_quoted(out, span.end_ns);
  out += ",\"attributes\":";
  append_attributes(out, span.attributes());
  if (span.dropped_attributes != 0) {
    out += ",\"droppedAttributesCount\":" + std::to_string(span.dropped_attributes);
  }
  if (!span.events().empty()) {
    out += ",\"events\":";
    append_list(out, span.events(), [&](const SpanEvent& event) { append_event(out, event); });
  }
  if (span.dropped_events != 0) {
    out += ",\"droppedEventsCount\":" + std::to_string(span.dropped_events);
  }
  out += ",\"status\":{\"code\":" + std::to_string(static_cast<int>(span.status()));
  if (!span.status_message().empty()) {
    out += ",\"message\":";
    append_json_string(out, span.status_message());
  }
  const unsigned remote = 0x100U | (span.parent_is_remote ? 0x200U : 0U);
  out += "},\"flags\":" + std::to_string(span.context.flags | remote) + '}';
}

}  // namespace

std::string encode_spans_json(const std::vector<FinishedSpan>& spans, const Resource& resource) {
  std::string out = R"({"resourceSpans":[{"resource":)";
  append_resource(out, resource);
  out += R"(,"scopeSpans":[{"scope":)" + json_scope() + R"(,"spans":)";
  append_list(out, spans, [&](const FinishedSpan& span) { append_span(out, *span); });
  out += "}]}]}";
  return out;
}

}  // namespace testgen::telemetry
