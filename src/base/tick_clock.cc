#include "base/tick_clock.h"

#include <atomic>
#include <chrono>

#if defined(__x86_64__)
#include <cpuid.h>
#include <x86intrin.h>
#endif

namespace testgen::base {
namespace {

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

#if defined(__x86_64__)
namespace {

// An anchor says which time it was at which tick, and how long a tick is. It is used for a while
// and then measured anew, so a wrong rate (a machine that was moved or slept) cannot last.
constexpr std::int64_t kLifetimeNs = 100'000'000;
constexpr std::int64_t kLeastBaselineNs = 50'000'000;
// Both clocks must be read within this many ticks, or the thread was interrupted in between.
constexpr std::int64_t kMostTicksBetween = 10'000;
constexpr unsigned kFraction = 32;  // bits of a tick's length after the point

__extension__ using Wide = unsigned __int128;

struct Anchor {
  std::atomic<std::uint32_t> sequence{0};  // odd while written
  std::atomic<std::int64_t> ticks{0};
  std::atomic<std::int64_t> ns{0};
  std::atomic<std::uint64_t> tick_length{0};  // 0: not known yet
  std::atomic<std::int64_t> lifetime_ticks{0};
};
constinit Anchor anchor;
constinit std::atomic_flag measuring = ATOMIC_FLAG_INIT;
constinit std::int64_t measured_ticks = 0;  // under `measuring`
constinit std::int64_t measured_ns = 0;

std::int64_t read_ticks() {
  return static_cast<std::int64_t>(__rdtsc());
}

// Whether the counter runs at one rate whatever the processor does.
bool has_steady_counter() {
  static const bool steady = [] {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1U << 8U)) != 0;
  }();
  return steady;
}

void publish(std::int64_t ticks, std::int64_t ns, std::uint64_t tick_length) {
  const std::uint32_t sequence = anchor.sequence.load(std::memory_order_relaxed);
  anchor.sequence.store(sequence + 1, std::memory_order_relaxed);
  // Release, so that nobody sees new figures under the old even sequence.
  anchor.ticks.store(ticks, std::memory_order_release);
  anchor.ns.store(ns, std::memory_order_release);
  anchor.tick_length.store(tick_length, std::memory_order_release);
  anchor.lifetime_ticks.store(
      static_cast<std::int64_t>((static_cast<std::uint64_t>(kLifetimeNs) << kFraction) /
                                tick_length),
      std::memory_order_release);
  anchor.sequence.store(sequence + 2, std::memory_order_release);
}

// The true time, and a better anchor when it is time for one and nobody else is at it.
std::int64_t measure() {
  if (!has_steady_counter() || measuring.test_and_set(std::memory_order_acquire)) {
    return steady_ns();
  }
  const std::int64_t before = read_ticks();
  const std::int64_t ns = steady_ns();
  const std::int64_t after = read_ticks();
  const std::int64_t ticks = before + (after - before) / 2;
  if (after - before < kMostTicksBetween) {
    const std::int64_t elapsed = ns - measured_ns;
    if (measured_ns == 0 || ticks <= measured_ticks) {
      measured_ticks = ticks;
      measured_ns = ns;
    } else if (elapsed >= kLeastBaselineNs) {
      const auto length = static_cast<std::uint64_t>((static_cast<Wide>(elapsed) << kFraction) /
                                                     static_cast<Wide>(ticks - measured_ticks));
      measured_ticks = ticks;
      measured_ns = ns;
      if (length > 0) publish(ticks, ns, length);
    }
  }
  measuring.clear(std::memory_order_release);
  return ns;
}

}  // namespace

std::int64_t tick_clock_ns() {
  const std::int64_t ticks = read_ticks();
  const std::uint32_t sequence = anchor.sequence.load(std::memory_order_acquire);
  const std::int64_t since = ticks - anchor.ticks.load(std::memory_order_acquire);
  const std::int64_t ns = anchor.ns.load(std::memory_order_acquire);
  const std::uint64_t length = anchor.tick_length.load(std::memory_order_acquire);
  const std::int64_t lifetime = anchor.lifetime_ticks.load(std::memory_order_acquire);
  if ((sequence & 1U) != 0 || since < 0 || since >= lifetime ||
      anchor.sequence.load(std::memory_order_relaxed) != sequence) [[unlikely]] {
    return measure();
  }
  return ns + static_cast<std::int64_t>(static_cast<std::uint64_t>(since) * length >> kFraction);
}

#else

std::int64_t tick_clock_ns() {
  return steady_ns();
}

#endif

}  // namespace testgen::base
