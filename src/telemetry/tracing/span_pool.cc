#include "telemetry/tracing/span_pool.h"

#include <memory>
#include <mutex>

namespace testgen::telemetry {

thread_local constinit SpanPool::Local SpanPool::local_{nullptr, 0};

struct SpanPool::Shared {
  std::mutex mutex;
  SpanRecord* head = nullptr;
  std::vector<std::unique_ptr<SpanRecord[]>> slabs;
};

// Gives a thread's list back when the thread ends.
struct SpanPool::AtThreadExit {
  ~AtThreadExit() { spill(0); }
};

// Never destroyed: spans may end in destructors that run after main.
SpanPool::Shared& SpanPool::shared() {
  static Shared* const shared = new Shared;
  return *shared;
}

std::size_t SpanPool::made() {
  Shared& shared = SpanPool::shared();
  const std::lock_guard lock(shared.mutex);
  return shared.slabs.size() * kBatch;
}

SpanRecord* SpanPool::refill() {
  static thread_local AtThreadExit at_exit;
  (void)at_exit;
  Shared& shared = SpanPool::shared();
  const std::lock_guard lock(shared.mutex);
  if (shared.head == nullptr) {
    auto slab = std::make_unique<SpanRecord[]>(kBatch);
    for (std::uint32_t i = 0; i < kBatch; ++i) {
      slab[i].next_free_ = shared.head;
      shared.head = &slab[i];
    }
    shared.slabs.push_back(std::move(slab));
  }
  SpanRecord* result = shared.head;
  shared.head = result->next_free_;
  while (shared.head != nullptr && local_.count < kBatch - 1) {
    SpanRecord* record = shared.head;
    shared.head = record->next_free_;
    record->next_free_ = local_.head;
    local_.head = record;
    ++local_.count;
  }
  return result;
}

void SpanPool::spill(std::uint32_t keep) {
  Shared& shared = SpanPool::shared();
  const std::lock_guard lock(shared.mutex);
  while (local_.count > keep) {
    SpanRecord* record = local_.head;
    local_.head = record->next_free_;
    record->next_free_ = shared.head;
    shared.head = record;
    --local_.count;
  }
}

}  // namespace testgen::telemetry
