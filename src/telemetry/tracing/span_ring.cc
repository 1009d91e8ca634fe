#include "telemetry/tracing/span_ring.h"

#include <algorithm>

namespace testgen::telemetry {

SpanRing::SpanRing(std::size_t max_spans, std::size_t max_bytes)
    : max_spans_(max_spans), max_bytes_(max_bytes) {}

std::size_t SpanRing::push(FinishedSpan span) {
  const std::size_t bytes = span->memory_bytes();
  // What leaves is freed after the lock is released.
  std::vector<FinishedSpan> evicted;
  if (bytes > max_bytes_ || max_spans_ == 0) return 1;
  const std::lock_guard lock(mutex_);
  while (!entries_.empty() && (entries_.size() >= max_spans_ || bytes_ + bytes > max_bytes_)) {
    bytes_ -= entries_.front().bytes;
    evicted.push_back(std::move(entries_.front().span));
    entries_.pop_front();
  }
  bytes_ += bytes;
  entries_.push_back({std::move(span), bytes});
  return evicted.size();
}

std::vector<FinishedSpan> SpanRing::trace(const TraceId& id) const {
  std::vector<FinishedSpan> found;
  {
    const std::lock_guard lock(mutex_);
    for (const Entry& entry : entries_) {
      if (entry.span->context.trace_id == id) found.push_back(entry.span);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a->start_ns < b->start_ns; });
  return found;
}

std::vector<FinishedSpan> SpanRing::recent_roots(std::size_t limit) const {
  std::vector<FinishedSpan> found;
  const std::lock_guard lock(mutex_);
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && found.size() < limit; ++entry) {
    if (!entry->span->parent.valid() || entry->span->parent_is_remote) {
      found.push_back(entry->span);
    }
  }
  return found;
}

std::size_t SpanRing::span_count() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::size_t SpanRing::byte_count() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace testgen::telemetry
