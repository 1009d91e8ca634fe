// Finds the Python that runs tests. Order: the user's choice, the system's for a file of its own
// library, VIRTUAL_ENV, .venv or venv beside
// the project, python3 on PATH, /usr/bin/python3; the first that has pytest wins,
// or the first of all when pytest is not needed. Interpreters
// are asked with `-I -S`, so no .pth file, sitecustomize or project code runs here; nothing
// inside the project is executed, only the base interpreter that its environment names.
#pragma once

#include "lang/language.h"

namespace testgen::lang::python {

[[nodiscard]] base::Result<Runtime> find_interpreter(const RuntimeRequest& request,
                                                     const base::Clock& clock);

// .venv or venv in the folder of `project` or above it, up to the one with .git or
// pyproject.toml; empty when there is none.
[[nodiscard]] std::filesystem::path find_project_environment(const std::filesystem::path& project);

}  // namespace testgen::lang::python
