// How many lines each place in the code may write in a second, so that a loop that goes wrong
// does not fill the disk. Without locks: places that share a slot share its limit. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace testgen::telemetry {

// A place in the code. Use it as a default argument: CallSite site = CallSite::here().
struct CallSite {
  const char* file;
  unsigned line;

  static constexpr CallSite here(const char* file = __builtin_FILE(),
                                 unsigned line = __builtin_LINE()) {
    return {file, line};
  }
};

class SiteLimits {
 public:
  struct Verdict {
    bool write = true;
    std::uint64_t suppressed = 0;  // since the last line of this place that was written
  };
  // `second` is any clock's that moves on.
  [[nodiscard]] Verdict ask(const CallSite& site, std::uint32_t per_second, std::int64_t second);

 private:
  struct Slot {
    std::atomic<std::int64_t> second{-1};
    std::atomic<std::uint32_t> lines{0};  // asked for in that second
    std::atomic<std::uint64_t> suppressed{0};
  };
  static constexpr std::size_t kSlots = 256;
  std::array<Slot, kSlots> slots_;
};

}  // namespace testgen::telemetry
