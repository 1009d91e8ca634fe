// W3C Trace Context, level 2: the `traceparent` and `tracestate` headers. Headers are hostile
// input: whatever is malformed is ignored as the specification says, never an error. Pure.
#pragma once

#include <string>
#include <string_view>

#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {

// The caller's context, or an invalid one when `traceparent` is missing or malformed (then
// `tracestate` is not looked at). Several tracestate headers are joined with commas, in order,
// by the caller. A malformed tracestate is dropped; the traceparent still counts.
[[nodiscard]] SpanContext parse_trace_context(std::string_view traceparent,
                                              std::string_view tracestate = {});

// Version 00, 55 characters; empty for an invalid context. Unknown flag bits are sent as 0.
[[nodiscard]] std::string format_traceparent(const SpanContext& context);

// The header as received when it obeys the grammar (members with empty content removed), at
// most 512 characters by dropping whole members: those over 128 characters first, then from the
// right. Empty when it is malformed.
[[nodiscard]] std::string normalize_tracestate(std::string_view header);

}  // namespace testgen::telemetry
