// The store with a duration, an error count and a span (of the active trace) for each of its
// calls: storage itself knows no telemetry. A refusal that is part of a call's meaning (a
// conflict, a job that is not there) is no error of the database. Thread-safe as the store inside.
#pragma once

#include <memory>

#include "storage/store.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

// `telemetry` is borrowed.
[[nodiscard]] std::unique_ptr<storage::Store> observe(std::unique_ptr<storage::Store> store,
                                                      telemetry::Telemetry& telemetry);

// The account of the objectives, kept in a store.
[[nodiscard]] std::shared_ptr<telemetry::SloHistory> slo_history(
    std::shared_ptr<storage::Store> store);

}  // namespace testgen::service
