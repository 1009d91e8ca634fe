#include "telemetry/tracing/span_ring.h"

#include <algorithm>
#include <cstring>

namespace testgen::telemetry {
namespace {

constexpr std::uintptr_t kPinned = 1;
static_assert(alignof(SpanRecord) > 1, "the lowest bit of a pointer is free");

SpanRecord* pointer(std::uintptr_t word) {
  return reinterpret_cast<SpanRecord*>(word);
}

// The random part of a trace id: a service's own ids rarely share it.
std::uint64_t hint(const TraceId& id) {
  std::uint64_t tail = 0;
  std::memcpy(&tail, id.bytes.data() + 8, sizeof tail);
  return tail;
}

}  // namespace

SpanRing::SpanRing(std::size_t max_spans, std::size_t max_bytes)
    : max_bytes_(max_bytes), slots_(std::min(max_spans, max_bytes / sizeof(SpanRecord))) {}

SpanRing::~SpanRing() {
  for (Slot& slot : slots_) (void)drop(slot.record.load(std::memory_order_acquire));
}

std::size_t SpanRing::push(FinishedSpan span) {
  if (slots_.empty() || span->memory_bytes() > max_bytes_) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return 1;
  }
  const std::uint64_t trace = hint(span->context.trace_id);
  const std::size_t heap = span->heap_bytes();
  if (heap > 0) heap_bytes_.fetch_add(heap, std::memory_order_relaxed);
  const auto word = reinterpret_cast<std::uintptr_t>(span.detach());
  std::uintptr_t before = 0;
  while (true) {
    const std::uint64_t turn = next_.fetch_add(1, std::memory_order_relaxed);
    Slot& slot = slots_[turn % slots_.size()];
    prefetch(slots_[(turn + 1) % slots_.size()]);
    before = slot.record.load(std::memory_order_relaxed);
    if ((before & kPinned) == 0 &&
        slot.record.compare_exchange_strong(before, word, std::memory_order_acq_rel)) {
      slot.trace.store(trace, std::memory_order_relaxed);
      break;
    }
    passed_over_.fetch_add(1, std::memory_order_relaxed);
  }
  if (before == 0) occupied_.fetch_add(1, std::memory_order_relaxed);
  const std::size_t evicted = drop(before);
  return heap > 0 ? evicted + shrink() : evicted;
}

// The block in this slot is the next to leave and then the next to be written: a ring's worth of
// spans has passed since, so by itself it would be fetched line by line.
void SpanRing::prefetch(const Slot& slot) {
  const auto word = slot.record.load(std::memory_order_relaxed) & ~kPinned;
  const auto* block = reinterpret_cast<const char*>(word);
  if (block == nullptr) return;
  constexpr std::size_t kLine = 64;
  for (std::size_t at = 0; at < sizeof(SpanRecord); at += kLine) {
    __builtin_prefetch(block + at, /*for writing*/ 1);
  }
}

std::size_t SpanRing::drop(std::uintptr_t record) {
  if (record == 0) return 0;
  if (const std::size_t heap = pointer(record)->heap_bytes()) {
    heap_bytes_.fetch_sub(heap, std::memory_order_relaxed);
  }
  FinishedSpan::release(pointer(record));
  return 1;
}

// Empties the oldest slots until the bytes are within bounds again. Only spans with memory of
// their own on the heap can make that necessary.
std::size_t SpanRing::shrink() {
  std::size_t evicted = 0;
  const std::uint64_t oldest = next_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < slots_.size() && byte_count() > max_bytes_; ++i) {
    Slot& slot = slots_[(oldest + i) % slots_.size()];
    std::uintptr_t record = slot.record.load(std::memory_order_relaxed);
    if (record == 0 || (record & kPinned) != 0 ||
        !slot.record.compare_exchange_strong(record, 0, std::memory_order_acq_rel)) {
      continue;
    }
    occupied_.fetch_sub(1, std::memory_order_relaxed);
    evicted += drop(record);
  }
  return evicted;
}

// A hold on the slot's span, if there is one. Pinning lasts a few instructions; meanwhile no
// writer can let go of the span.
FinishedSpan SpanRing::pin(const Slot& slot) const {
  std::uintptr_t record = slot.record.load(std::memory_order_relaxed);
  while (true) {
    if (record == 0) return {};
    record &= ~kPinned;
    if (slot.record.compare_exchange_weak(record, record | kPinned, std::memory_order_acq_rel)) {
      break;
    }
  }
  FinishedSpan span(pointer(record));
  span.acquire();
  slot.record.store(record, std::memory_order_release);
  return span;
}

std::vector<FinishedSpan> SpanRing::trace(const TraceId& id) const {
  std::vector<FinishedSpan> found;
  for (const Slot& slot : slots_) {
    if (slot.trace.load(std::memory_order_relaxed) != hint(id)) continue;
    FinishedSpan span = pin(slot);
    if (span && span->context.trace_id == id) found.push_back(std::move(span));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a->start_ns < b->start_ns; });
  return found;
}

std::vector<FinishedSpan> SpanRing::recent_roots(std::size_t limit) const {
  std::vector<FinishedSpan> found;
  const std::uint64_t newest = next_.load(std::memory_order_relaxed) + slots_.size();
  for (std::size_t i = 1; i <= slots_.size() && found.size() < limit; ++i) {
    FinishedSpan span = pin(slots_[(newest - i) % slots_.size()]);
    if (span && (!span->parent.valid() || span->parent_is_remote)) {
      found.push_back(std::move(span));
    }
  }
  return found;
}

std::size_t SpanRing::span_count() const {
  return occupied_.load(std::memory_order_relaxed);
}

std::size_t SpanRing::byte_count() const {
  return span_count() * sizeof(SpanRecord) + heap_bytes_.load(std::memory_order_relaxed);
}

std::uint64_t SpanRing::pushed() const {
  return next_.load(std::memory_order_relaxed) - passed_over_.load(std::memory_order_relaxed) +
         refused_.load(std::memory_order_relaxed);
}

}  // namespace testgen::telemetry
