// A search that begins where proposed tests stand: they are run once in the sandbox, and how they
// call the module is followed as for a project's own tests. Their values, types and calls are then
// the explorer's first programs.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "engine/explorer/explorer.h"
#include "pipeline/reserve.h"
#include "sandbox/sandbox.h"

namespace testgen::pipeline {

// `request` is complete but for what is traced; what it has of that stays. Seeds that call nothing
// of the module give no search. What goes wrong with them is no error, but an unusable sandbox or a
// stop request while they run is.
[[nodiscard]] base::Result<engine::Exploration> search_from_seeds(
    sandbox::Sandbox& sandbox, const base::Clock& clock, engine::ExplorerRequest request,
    const std::filesystem::path& import_root, const std::string& file_name, const RenderIn& seeds,
    const std::stop_token& stop);

}  // namespace testgen::pipeline
