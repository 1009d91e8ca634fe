// Source text in, ModuleModel out: what can be tested, what is known of it, and the
// instrumented source with its goals, and the mutants to aim at. Pure but for the clock that bounds
// parsing.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "model/module_model.h"
#include "model/source_file.h"

namespace testgen::analysis {

// InvalidInput with line, column and text for a file that is not Python.
[[nodiscard]] base::Result<model::ModuleModel> analyze(const model::SourceFile& source,
                                                       const base::Clock& clock);

}  // namespace testgen::analysis
