// Asks one interpreter what it is and what it has. Runs a process, bounded by a deadline.
#pragma once

#include <string>

#include "lang/language.h"

namespace testgen::lang::python {

// `environment` is the virtual environment's folder, or empty to use the one the interpreter
// lies in. runner_version is empty when pytest is missing. Timeout or Environment on failure.
[[nodiscard]] base::Result<Runtime> ask_interpreter(const std::string& executable,
                                                    const std::string& environment,
                                                    base::Milliseconds timeout,
                                                    const base::Clock& clock);

}  // namespace testgen::lang::python
