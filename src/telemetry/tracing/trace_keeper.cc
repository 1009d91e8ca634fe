#include "telemetry/tracing/trace_keeper.h"

#include <cstring>

namespace testgen::telemetry {

bool TraceKeeper::ended(const SpanRecord& span) {
  std::uint64_t tail = 0;  // the random part of the id
  std::memcpy(&tail, span.context.trace_id.bytes.data() + 8, sizeof tail);
  std::atomic<std::uint64_t>& failed = failed_[tail % failed_.size()];
  if (span.status() == SpanStatus::Error) failed.store(tail, std::memory_order_relaxed);

  const bool entry =
      !span.parent.valid() || span.parent_is_remote || span.kind == SpanKind::Consumer;
  if (!entry) return false;
  const auto slow = span.kind == SpanKind::Server ? slow_request_ : slow_job_;
  return failed.load(std::memory_order_relaxed) == tail ||
         std::chrono::nanoseconds(span.end_ns - span.start_ns) >= slow;
}

}  // namespace testgen::telemetry
