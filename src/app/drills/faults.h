// Breaks something at a boundary of the service and mends it: what the service is told by its
// board, its process, its control group, its disk, or whatever a command does. Nothing here reaches
// what the service measures.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/drills/drill_catalogue.h"
#include "app/drills/load.h"
#include "base/clock.h"
#include "base/result.h"
#include "service/drills/fault_board.h"

namespace testgen::app {

struct FaultSettings {
  std::filesystem::path data;             // of the service
  std::filesystem::path fill;             // folder whose disk is filled
  std::optional<service::Fault> instead;  // of the fault of the catalogue
  std::string inject;                     // shell commands, in place of the fault of the catalogue
  std::string lift;
  std::string prometheus;
  std::string alertmanager;
  ServiceAccess service;
  base::WallTime until;  // when the service shall mend itself if nobody else does
};

// In force until lift() or destruction.
class ActiveFault {
 public:
  virtual ~ActiveFault() = default;
  // Mends it; once.
  [[nodiscard]] virtual base::Status lift() = 0;
};

// What the settings or the service lack for this fault, for people; empty: nothing.
[[nodiscard]] std::string needed_for(DrillFault fault, const FaultSettings& settings);

[[nodiscard]] base::Result<std::unique_ptr<ActiveFault>> break_something(
    DrillFault fault, const FaultSettings& settings);

}  // namespace testgen::app
