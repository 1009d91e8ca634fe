// How a trace enters and leaves the process: by the headers that OTEL_PROPAGATORS names, and as
// one text for a place that keeps only one, such as a job in the queue. What comes in is hostile:
// whatever is malformed is left out, never an error. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {

struct Propagators {
  bool trace_context = true;  // traceparent and tracestate
  bool baggage = true;
  bool operator==(const Propagators&) const = default;
};

// "tracecontext,baggage" in any order, or "none"; nothing for a name that is not known here.
[[nodiscard]] std::optional<Propagators> propagators_from(std::string_view text);

// Several headers of one name are joined with commas, in order, by the caller.
struct TraceHeaders {
  std::string_view traceparent;
  std::string_view tracestate;
  std::string_view baggage;
};

// The caller's context; its ids are invalid when the caller is not followed, and then there may
// still be baggage.
[[nodiscard]] SpanContext extract(const Propagators& propagators, const TraceHeaders& headers);

// The headers of a request that is made on behalf of this context, by name.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> inject(
    const Propagators& propagators, const SpanContext& context);

// The whole context in lines, traceparent first; a text without the others reads as well.
[[nodiscard]] std::string pack_context(const SpanContext& context);
[[nodiscard]] SpanContext unpack_context(std::string_view text);

}  // namespace testgen::telemetry
