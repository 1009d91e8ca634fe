// What keeps the account of the objectives over a restart. The room knows no database: whoever
// has one implements this. A minute's figures are opaque text that only slo_minute.h reads.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace testgen::telemetry {

class SloHistory {
 public:
  struct Minute {
    std::int64_t index = 0;  // minutes since the epoch
    std::string figures;
  };
  virtual ~SloHistory() = default;
  // Every minute from `first` on, ascending.
  [[nodiscard]] virtual base::Result<std::vector<Minute>> load(std::int64_t first) = 0;
  // Adds or replaces these minutes and forgets those before `forget_before`. Called by one
  // thread at a time; may wait for the disk.
  [[nodiscard]] virtual base::Status save(std::span<const Minute> minutes,
                                          std::int64_t forget_before) = 0;
};

}  // namespace testgen::telemetry
