// What a model would be sent about a file, for --dry-run. Runs nothing and sends nothing.
// Thread-safe.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/test_case.h"
#include "pipeline/model_options.h"

namespace testgen::pipeline {

// The first request about each function, letter for letter, were nothing tested yet; or why the
// file's code is not sent. Errors as those of source::load and analysis::analyze.
[[nodiscard]] base::Result<std::string> preview(const std::filesystem::path& file,
                                                const std::vector<std::string>& symbols,
                                                model::Framework framework,
                                                const ModelOptions& options,
                                                const base::Clock& clock);

}  // namespace testgen::pipeline
