// Reports as JSON for other programs. The shape is fixed by docs/reference/report-schema.json;
// a change that is more than an added member raises schema_version. Pure.
#pragma once

#include <string>

#include "emit/report_run.h"

namespace testgen::emit {

inline constexpr int kReportSchemaVersion = 1;

// A whole run, indented, with a final newline.
[[nodiscard]] std::string report_json(const RunReport& run);

// One module on one line, as a run's `modules` holds it; for results that are stored or sent.
[[nodiscard]] std::string module_json(const model::ModuleReport& report);

}  // namespace testgen::emit
