// Which modules a `generate` run works on, and which functions of them: what --symbol and --diff
// leave of the files that were found. Reads files and asks git, runs none of the code.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/settings.h"
#include "pipeline/outline.h"
#include "source/git_diff.h"

namespace testgen::app {

struct WorkItem {
  std::filesystem::path file;
  std::vector<std::string> symbols;  // qualified names; empty: all of the module
};

// A file that cannot be read as code is kept when it could hold what was asked for, so that its
// error is reported. InvalidArgument for a symbol that no file has, NothingToDo when nothing
// changed.
[[nodiscard]] base::Result<std::vector<WorkItem>> select_work(
    const std::vector<std::filesystem::path>& files, const config::Settings& settings,
    const base::Clock& clock);

// The parts of select_work. Pure.
//
// Names in `definitions` that `symbols` ask for: the names themselves, and nothing of them where
// a name is not there.
[[nodiscard]] std::vector<std::string> named(const std::vector<pipeline::Definition>& definitions,
                                             const std::vector<std::string>& symbols);
// Functions whose lines changed, and classes changed outside of their functions.
[[nodiscard]] std::vector<std::string> changed(const std::vector<pipeline::Definition>& definitions,
                                               const source::FileChanges& changes);
// What is in both: a class stands for all its methods.
[[nodiscard]] std::vector<std::string> in_both(const std::vector<std::string>& a,
                                               const std::vector<std::string>& b);

// What --dry-run prints: a line for each module with the names chosen, or how many it has.
[[nodiscard]] std::string describe_work(const std::vector<WorkItem>& work,
                                        const base::Clock& clock);

}  // namespace testgen::app
