#include "telemetry/tracing/propagation.h"

#include "telemetry/tracing/baggage.h"
#include "telemetry/tracing/trace_context.h"

namespace testgen::telemetry {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

// What is before the separator, which it takes away too.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

}  // namespace

std::optional<Propagators> propagators_from(std::string_view text) {
  Propagators chosen{.trace_context = false, .baggage = false};
  if (trim(text) == "none") return chosen;
  do {
    const std::string_view name = trim(take(text, ','));
    if (name == "tracecontext") {
      chosen.trace_context = true;
    } else if (name == "baggage") {
      chosen.baggage = true;
    } else {
      return std::nullopt;
    }
  } while (!text.empty());
  return chosen;
}

SpanContext extract(const Propagators& propagators, const TraceHeaders& headers) {
  SpanContext context;
  if (propagators.trace_context) {
    context = parse_trace_context(headers.traceparent, headers.tracestate);
  }
  if (!propagators.baggage || headers.baggage.empty()) return context;
  std::string baggage = format_baggage(parse_baggage(headers.baggage));
  if (baggage.empty()) return context;
  Carried carried{std::string(context.tracestate()), std::move(baggage)};
  context.carried = std::make_shared<const Carried>(std::move(carried));
  return context;
}

std::vector<std::pair<std::string, std::string>> inject(const Propagators& propagators,
                                                        const SpanContext& context) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (propagators.trace_context && context.valid()) {
    headers.emplace_back("traceparent", format_traceparent(context));
    if (!context.tracestate().empty()) headers.emplace_back("tracestate", context.tracestate());
  }
  if (propagators.baggage && !context.baggage().empty()) {
    headers.emplace_back("baggage", context.baggage());
  }
  return headers;
}

std::string pack_context(const SpanContext& context) {
  std::string text = format_traceparent(context);
  if (!context.carried) return text;
  text += '\n' + context.carried->tracestate;
  if (!context.carried->baggage.empty()) text += '\n' + context.carried->baggage;
  return text;
}

SpanContext unpack_context(std::string_view text) {
  TraceHeaders headers;
  headers.traceparent = take(text, '\n');
  headers.tracestate = take(text, '\n');
  headers.baggage = text;
  return extract({}, headers);
}

}  // namespace testgen::telemetry
