// A sandbox that fails or stalls while a drill says so; else it does what the one inside does.
// Thread-safe as the one inside.
#pragma once

#include <memory>

#include "sandbox/sandbox.h"
#include "service/drills/fault_board.h"

namespace testgen::app {

// `board` is shared with the store's faults.
[[nodiscard]] std::unique_ptr<sandbox::Sandbox> make_faulty(
    std::unique_ptr<sandbox::Sandbox> sandbox, std::shared_ptr<const service::FaultBoard> board);

}  // namespace testgen::app
