// The trace that the calling thread works for, for what cannot be told it: the store's interface
// knows no telemetry, and yet its operations belong into the trace of the request, the job or the
// housekeeping that asked for them. Scopes nest; each belongs to one thread.
#pragma once

#include "telemetry/tracing/span_context.h"

namespace testgen::service {

class ActiveTrace {
 public:
  // `context` is borrowed until the scope ends; an invalid one means that there is no trace.
  explicit ActiveTrace(const telemetry::SpanContext& context);
  explicit ActiveTrace(telemetry::SpanContext&& context) = delete;  // it would be gone at once
  ~ActiveTrace();
  ActiveTrace(const ActiveTrace&) = delete;
  ActiveTrace& operator=(const ActiveTrace&) = delete;

  // Invalid outside of any scope.
  [[nodiscard]] static const telemetry::SpanContext& current();

 private:
  const telemetry::SpanContext* outer_;
};

}  // namespace testgen::service
