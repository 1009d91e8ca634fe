// The right to say which faults are in force in a data folder: one drill at a time has it, so that
// none lifts what another has broken. Ends with the object, or with the process, however that ends.
// Move-only; not thread-safe.
#pragma once

#include <filesystem>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "service/drills/fault_board.h"

namespace testgen::service {

inline constexpr const char* kHoldFile = "drill.lock";  // in the data folder

class FaultHold {
 public:
  // Conflict while another drill has it.
  [[nodiscard]] static base::Result<FaultHold> take(const std::filesystem::path& data);
  FaultHold(FaultHold&& other) = default;
  FaultHold& operator=(FaultHold&& other) = delete;
  ~FaultHold();  // lifts what it has put

  // In place of those that were; none lifts them, and the hold stays.
  [[nodiscard]] base::Status put(const std::vector<Fault>& faults, base::WallTime until);

 private:
  FaultHold(std::filesystem::path data, base::UniqueFd lock)
      : data_(std::move(data)), lock_(std::move(lock)) {}

  std::filesystem::path data_;
  base::UniqueFd lock_;
};

}  // namespace testgen::service
