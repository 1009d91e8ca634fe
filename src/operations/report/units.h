// A figure as people read it: 93.4 %, 1.2 s, 3 d 4 h, 512 MiB, $1.27. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace testgen::operations {

enum class Unit : std::uint8_t {
  Count,
  Ratio,  // from 0 to 1, shown as percent
  Seconds,
  Bytes,
  BytesPerSecond,
  PerMinute,
  PerDay,
  Cores,
  Dollars,
  Days,
  Score,  // from 0 to 1, shown as it is
};

[[nodiscard]] std::string figure_text(double value, Unit unit);
// Its name in JSON, such as "ratio" and "bytes_per_second".
[[nodiscard]] std::string_view to_string(Unit unit);
// "3 d 4 h", "12 min", "45 s": two units at most.
[[nodiscard]] std::string span_text(double seconds);

}  // namespace testgen::operations
