// Which traces leave the process: the samplers that OTEL_TRACES_SAMPLER names. Whatever they
// say, every span is recorded in memory, and traces with an error or a slow request are exported
// (trace_keeper.h). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {

struct Sampler {
  // What is decided for a new trace: a share of them. 1 is always, 0 never.
  double ratio = 1.0;
  // Whether a caller's own decision is followed.
  bool parent_based = true;

  // Whether a span of this trace is sampled; `parent` is invalid for a new trace. The last seven
  // bytes of the id are its randomness (trace-context level 2), so that every service with the
  // same ratio decides the same without asking.
  [[nodiscard]] bool sample(const TraceId& id, const SpanContext& parent) const;
};

// "parentbased_traceidratio" and the other five names of the specification, with the ratio of
// OTEL_TRACES_SAMPLER_ARG; nothing for an unknown name.
[[nodiscard]] std::optional<Sampler> sampler_from(std::string_view name, double ratio);

}  // namespace testgen::telemetry
