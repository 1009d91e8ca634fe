#include "telemetry/logging/site_limits.h"

namespace testgen::telemetry {

SiteLimits::Verdict SiteLimits::ask(const CallSite& site, std::uint32_t per_second,
                                    std::int64_t second) {
  const std::uint64_t mixed =
      (reinterpret_cast<std::uintptr_t>(site.file) + 131 * site.line) * 0x9E3779B97F4A7C15U;
  Slot& slot = slots_[mixed >> 56U];
  std::int64_t seen = slot.second.load(std::memory_order_relaxed);
  // Whoever moves the second on starts its count; a thread that loses the race counts in it.
  if (seen != second && slot.second.compare_exchange_strong(seen, second)) slot.lines.store(0);
  if (slot.lines.fetch_add(1, std::memory_order_relaxed) >= per_second) {
    slot.suppressed.fetch_add(1, std::memory_order_relaxed);
    return {false, 0};
  }
  return {true, slot.suppressed.exchange(0, std::memory_order_relaxed)};
}

}  // namespace testgen::telemetry
