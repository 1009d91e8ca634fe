// A model provider that fails or stalls while a drill says so; else it does what the one inside
// does. A stalled call waits as one at a silent provider: until the stall is over, its limits have
// passed, or it is told to stop. Nothing is sent meanwhile. Thread-safe as the one inside.
#pragma once

#include <memory>

#include "base/clock.h"
#include "engine/llm/pause.h"
#include "engine/llm/providers/provider.h"
#include "service/drills/fault_board.h"

namespace testgen::app {

// `board` is shared with the other boundaries; the clock and the pause are borrowed.
[[nodiscard]] std::unique_ptr<llm::Provider> make_faulty(
    std::unique_ptr<llm::Provider> provider, std::shared_ptr<const service::FaultBoard> board,
    const base::Clock& clock, llm::Pause& pause);

}  // namespace testgen::app
