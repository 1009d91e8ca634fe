// The newest finished spans, bounded in number and in bytes, so that a trace can be read without
// any collector. The oldest go first; every eviction is counted by the caller. Writers take no
// lock: one exchange puts a span into a slot. A reader pins one slot at a time, and a writer that
// meets a pinned slot takes the next. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "telemetry/tracing/span_record.h"

namespace testgen::telemetry {

class SpanRing {
 public:
  SpanRing(std::size_t max_spans, std::size_t max_bytes);
  ~SpanRing();
  SpanRing(const SpanRing&) = delete;
  SpanRing& operator=(const SpanRing&) = delete;

  // Returns how many spans had to leave. A span larger than the whole ring is not kept.
  std::size_t push(FinishedSpan span);
  // The spans of one trace still held, by start time. Walks the whole ring.
  [[nodiscard]] std::vector<FinishedSpan> trace(const TraceId& id) const;
  // The newest `limit` spans that have no local parent, newest first: an index of traces.
  [[nodiscard]] std::vector<FinishedSpan> recent_roots(std::size_t limit) const;
  [[nodiscard]] std::size_t span_count() const;
  [[nodiscard]] std::size_t byte_count() const;
  // Spans given to push() since the start.
  [[nodiscard]] std::uint64_t pushed() const;

 private:
  struct Slot {
    mutable std::atomic<std::uintptr_t> record{0};  // a pointer; its lowest bit: a reader is here
    std::atomic<std::uint64_t> trace{0};            // a hint: which slots are worth pinning
  };
  [[nodiscard]] FinishedSpan pin(const Slot& slot) const;
  static void prefetch(const Slot& slot);
  std::size_t drop(std::uintptr_t record);
  std::size_t shrink();

  const std::size_t max_bytes_;
  std::vector<Slot> slots_;
  std::atomic<std::uint64_t> next_{0};  // the slot to write, modulo their number
  std::atomic<std::uint64_t> passed_over_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::size_t> occupied_{0};
  std::atomic<std::size_t> heap_bytes_{0};
};

}  // namespace testgen::telemetry
