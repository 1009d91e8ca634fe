// Where sampled spans leave the process. export_span() is called on the thread that ended the
// span, so it must never block; what cannot be taken is dropped and counted.
#pragma once

#include "base/clock.h"
#include "telemetry/tracing/span_record.h"

namespace testgen::telemetry {

class SpanExporter {
 public:
  virtual ~SpanExporter() = default;
  virtual void export_span(FinishedSpan span) = 0;
  // Sends what is queued and stops; whatever is left at the deadline is dropped and counted.
  virtual void shutdown(base::SteadyTime deadline) = 0;
};

}  // namespace testgen::telemetry
