// A store whose every call fails while a drill says so, as a database does that cannot be written.
// What was stored before stays; nothing is lost. Thread-safe as the store inside.
#pragma once

#include <memory>

#include "service/drills/fault_board.h"
#include "storage/store.h"

namespace testgen::service {

// `board` is shared with whoever watches it, because a health check may outlive the service.
[[nodiscard]] std::unique_ptr<storage::Store> make_faulty(std::unique_ptr<storage::Store> store,
                                                          std::shared_ptr<const FaultBoard> board);

}  // namespace testgen::service
