#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "telemetry/metrics/number.h"
#include "telemetry/text.h"
#include "telemetry/tracing/otlp_encoding.h"

namespace testgen::telemetry {
namespace {

// OTLP's JSON: ids as hexadecimal, enumerations as integers, 64-bit integers as strings.
void append_quoted(std::string& out, std::int64_t value) {
  out += '"';
  out += std::to_string(value);
  out += '"';
}

void append_any_value(std::string& out, const AttributeValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    out += "{\"stringValue\":";
    append_json_string(out, *text);
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    out += *flag ? "{\"boolValue\":true" : "{\"boolValue\":false";
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    out += "{\"intValue\":";
    append_quoted(out, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    out += "{\"doubleValue\":";
    if (std::isfinite(*real)) {
      append_number(out, *real);
    } else {
      out += std::isnan(*real) ? "\"NaN\"" : *real > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    }
  }
  out += '}';
}

void append_pair(std::string& out, std::string_view key, const AttributeValue& value) {
  out += "{\"key\":";
  append_json_string(out, key);
  out += ",\"value\":";
  append_any_value(out, value);
  out += '}';
}

// [item,item,…] of anything.
template <class Items, class Append>
void append_list(std::string& out, const Items& items, Append append) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    append(item);
  }
  out += ']';
}

void append_attributes(std::string& out, const std::vector<Attribute>& attributes) {
  append_list(out, attributes,
              [&](const Attribute& each) { append_pair(out, each.key, each.value); });
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
  if (!span.context.tracestate.empty()) {
    out += ",\"traceState\":";
    append_json_string(out, span.context.tracestate);
  }
  if (span.parent.valid()) out += ",\"parentSpanId\":\"" + span.parent.hex() + '"';
  out += ",\"name\":";
  append_json_string(out, span.name);
  out += ",\"kind\":" + std::to_string(static_cast<int>(span.kind));
  out += ",\"startTimeUnixNano\":";
  append_quoted(out, span.start_ns);
  out += ",\"endTimeUnixNano\":";
  append_quoted(out, span.end_ns);
  out += ",\"attributes\":";
  append_attributes(out, span.attributes);
  if (span.dropped_attributes != 0) {
    out += ",\"droppedAttributesCount\":" + std::to_string(span.dropped_attributes);
  }
  if (!span.events.empty()) {
    out += ",\"events\":";
    append_list(out, span.events, [&](const SpanEvent& event) { append_event(out, event); });
  }
  if (span.dropped_events != 0) {
    out += ",\"droppedEventsCount\":" + std::to_string(span.dropped_events);
  }
  out += ",\"status\":{\"code\":" + std::to_string(static_cast<int>(span.status));
  if (!span.status_message.empty()) {
    out += ",\"message\":";
    append_json_string(out, span.status_message);
  }
  const unsigned remote = 0x100U | (span.parent_is_remote ? 0x200U : 0U);
  out += "},\"flags\":" + std::to_string(span.context.flags | remote) + '}';
}

}  // namespace

std::string encode_spans_json(std::span<const FinishedSpan> spans, const Resource& resource) {
  std::string out = R"({"resourceSpans":[{"resource":{"attributes":)";
  append_list(out, resource, [&](const auto& each) { append_pair(out, each.first, each.second); });
  out += R"(},"scopeSpans":[{"scope":{"name":"testgen"},"spans":)";
  append_list(out, spans, [&](const FinishedSpan& span) { append_span(out, *span); });
  out += "}]}]}";
  return out;
}

std::optional<PartialSuccess> parse_partial_success_json(std::string_view body) {
  const auto response = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!response.is_object() || !response.contains("partialSuccess")) return std::nullopt;
  const auto& partial = response["partialSuccess"];
  if (!partial.is_object()) return std::nullopt;
  PartialSuccess result;
  if (const auto found = partial.find("rejectedSpans"); found != partial.end()) {
    if (found->is_number_integer()) result.rejected_spans = found->get<std::int64_t>();
    if (found->is_string()) {
      const auto& digits = found->get_ref<const std::string&>();
      (void)std::from_chars(digits.data(), digits.data() + digits.size(), result.rejected_spans);
    }
  }
  if (const auto found = partial.find("errorMessage"); found != partial.end()) {
    if (found->is_string()) result.message = found->get<std::string>();
  }
  return result;
}

}  // namespace testgen::telemetry
