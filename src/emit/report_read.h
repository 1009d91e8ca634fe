// The other way: from a module's JSON, as module_json() and the service write it, back to a report.
// What comes from a service is not trusted: a member that is missing or wrong is an Error. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"
#include "model/report.h"

namespace testgen::emit {

// Without files, which travel beside it. Members that are not known are ignored, so that a newer
// service can be asked.
[[nodiscard]] base::Result<model::ModuleReport> read_module(const nlohmann::json& document);

}  // namespace testgen::emit
