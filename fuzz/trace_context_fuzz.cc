// traceparent, tracestate and baggage: what was accepted is valid, comes back as it was and stays
// within the limits.
#include <cstdint>
#include <cstdlib>

#include "telemetry/tracing/baggage.h"
#include "telemetry/tracing/propagation.h"
#include "telemetry/tracing/trace_context.h"

using namespace testgen::telemetry;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const std::string_view parent = text.substr(0, line);
  const std::string_view rest = line == std::string_view::npos ? "" : text.substr(line + 1);

  const SpanContext context = parse_trace_context(parent, rest);
  if (context.valid()) {
    const std::string header = format_traceparent(context);
    require(header.size() == 55);
    const SpanContext again = parse_trace_context(header, context.tracestate());
    require(again.trace_id == context.trace_id && again.span_id == context.span_id);
    require(again.flags == context.flags && again.tracestate() == context.tracestate());
  } else {
    require(context.tracestate().empty());
  }
  const std::string state = normalize_tracestate(rest);
  require(state.size() <= 512 && normalize_tracestate(state) == state);

  const auto members = parse_baggage(rest);
  require(members.size() <= 64);
  const std::string baggage = format_baggage(members);
  require(baggage.size() <= 8192 && format_baggage(parse_baggage(baggage)) == baggage);

  const SpanContext whole = extract({}, {parent, rest, rest});
  const SpanContext unpacked = unpack_context(pack_context(whole));
  require(unpacked.trace_id == whole.trace_id && unpacked.span_id == whole.span_id);
  require(unpacked.tracestate() == whole.tracestate() && unpacked.baggage() == whole.baggage());
  (void)unpack_context(text);
  return 0;
}
