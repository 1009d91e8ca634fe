// The steady clock at half its price: the processor's own counter, whose rate is measured against
// std::chrono::steady_clock and measured again all the time. For what is timed so often that
// reading the clock is most of the cost; agrees with the steady clock within some microseconds,
// so not for deadlines. Where there is no such counter it is the steady clock. Thread-safe.
#pragma once

#include <cstdint>

namespace testgen::base {

// Nanoseconds since the steady clock's epoch. May go back by a microsecond.
[[nodiscard]] std::int64_t tick_clock_ns();

}  // namespace testgen::base
