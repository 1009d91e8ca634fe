// The newest finished spans, bounded in number and in bytes, so that a trace can be read without
// any collector. The oldest go first; every eviction is counted by the caller. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "telemetry/tracing/span_record.h"

namespace testgen::telemetry {

class SpanRing {
 public:
  SpanRing(std::size_t max_spans, std::size_t max_bytes);

  // Returns how many spans had to leave. A span larger than the whole ring is not kept.
  std::size_t push(FinishedSpan span);
  // The spans of one trace still held, by start time. Walks the whole ring.
  [[nodiscard]] std::vector<FinishedSpan> trace(const TraceId& id) const;
  // The newest `limit` spans that have no local parent, newest first: an index of traces.
  [[nodiscard]] std::vector<FinishedSpan> recent_roots(std::size_t limit) const;
  [[nodiscard]] std::size_t span_count() const;
  [[nodiscard]] std::size_t byte_count() const;

 private:
  struct Entry {
    FinishedSpan span;
    std::size_t bytes;
  };
  const std::size_t max_spans_;
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace testgen::telemetry
