// After a command has written its files: tests that fail beside those of other files are taken out
// again, so that the whole folder passes as the command says it does.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.h"
#include "emit/report_run.h"
#include "emit/writer.h"
#include "pipeline/together.h"

namespace testgen::app {

// Runs the files, those of this command and others of ours in the folder.
using RunTogether = std::function<base::Result<pipeline::Together>(
    const std::vector<std::filesystem::path>& files)>;

// Changes files and reports; what was taken out, or why nothing could be found out, is an omission.
// Nothing is run when there is one file only.
void keep_together(const std::filesystem::path& folder, const RunTogether& run,
                   emit::Writer& writer, std::vector<emit::ModuleOutcome>& modules);

}  // namespace testgen::app
