// The trace behind a number: between two readings of the registry, the first observation of a
// bucket that belonged to a sampled trace. That is as fresh as a reader can use and costs the
// others one comparison. A writer that meets another one lets its exemplar go rather than wait.
// Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {

struct Exemplar {
  TraceId trace_id;
  SpanId span_id;
  double value = 0;
  double timestamp = 0;  // Unix seconds
};

// `count` slots that exist only once the first exemplar arrives.
class ExemplarSlots {
 public:
  ExemplarSlots() = default;
  ~ExemplarSlots();
  ExemplarSlots(const ExemplarSlots&) = delete;
  ExemplarSlots& operator=(const ExemplarSlots&) = delete;

  // Whether the slot has no exemplar of this round yet.
  [[nodiscard]] bool wants(std::uint32_t slot, std::uint32_t round) const {
    const Slot* slots = slots_.load(std::memory_order_acquire);
    return slots == nullptr || slots[slot].round.load(std::memory_order_relaxed) != round;
  }
  void store(std::uint32_t slot, std::uint32_t count, std::uint32_t round,
             const Exemplar& exemplar);
  [[nodiscard]] std::optional<Exemplar> load(std::uint32_t slot) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  // A sequence lock: odd while written. The words are atomics, so a torn read is seen and
  // retried, never undefined.
  struct Slot {
    std::atomic<std::uint32_t> sequence{0};
    std::atomic<std::uint32_t> round{0};
    std::array<std::atomic<std::uint64_t>, 5> words{};
  };
  std::atomic<std::uint32_t> count_{0};
  std::atomic<Slot*> slots_{nullptr};
};

}  // namespace testgen::telemetry
