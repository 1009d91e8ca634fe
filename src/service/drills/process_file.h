// Which process a drill may break and which faults it can have. The service that allows drills says
// so in a file of its data folder; `testgen drill` reads it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "service/drills/fault_board.h"

namespace testgen::service {

inline constexpr const char* kProcessFile = "drill.pid";  // in the data folder

struct BreakableService {
  pid_t process = 0;
  std::vector<Fault> faults;

  [[nodiscard]] bool can(Fault fault) const;
};

// All faults, without those of the provider where no model is asked.
[[nodiscard]] std::vector<Fault> faults_in_reach(bool asks_models);

// Writes the file at once, never half.
[[nodiscard]] base::Status put_breakable(const std::filesystem::path& data,
                                         const BreakableService& service);
// NotFound when no such service runs on that folder.
[[nodiscard]] base::Result<BreakableService> find_breakable(const std::filesystem::path& data);

}  // namespace testgen::service
