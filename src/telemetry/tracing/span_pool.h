// Where the blocks of spans come from: a short list of each thread, behind it one of the
// process, behind it the heap in slabs. Blocks are reused and never freed, so memory is bounded
// by the spans alive and held at once. Once warm, nothing here allocates or locks. Thread-safe.
#pragma once

#include "telemetry/tracing/span_record.h"

namespace testgen::telemetry {

class SpanPool {
 public:
  [[nodiscard]] static SpanRecord* take() {
    if (SpanRecord* record = local_.head) [[likely]] {
      local_.head = record->next_free_;
      --local_.count;
      return record;
    }
    return refill();
  }
  static void give(SpanRecord* record) {
    record->reset();
    if (local_.count >= kMaxLocal) [[unlikely]]
      spill();
    record->next_free_ = local_.head;
    local_.head = record;
    ++local_.count;
  }
  // Blocks made since the start, in use or not.
  [[nodiscard]] static std::size_t made();

 private:
  static constexpr std::uint32_t kMaxLocal = 64;
  static constexpr std::uint32_t kBatch = 32;
  // Trivial, so that a span that ends while its thread does finds it whole.
  struct Local {
    SpanRecord* head;
    std::uint32_t count;
  };
  struct Shared;
  struct AtThreadExit;
  static Shared& shared();
  [[nodiscard]] static SpanRecord* refill();
  static void spill(std::uint32_t keep = kMaxLocal - kBatch);

  static thread_local constinit Local local_;
};

}  // namespace testgen::telemetry
