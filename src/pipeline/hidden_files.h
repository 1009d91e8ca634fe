// Files that must not be sent to a model and lie where a model's tests run: what a test prints may
// go back to the model, and the unit under test may read any file for it. Looks at the disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "lang/language.h"
#include "model/source_file.h"

namespace testgen::pipeline {

struct HiddenFiles {
  std::vector<std::filesystem::path> files;  // to be shown empty, sorted
  // False when one stays readable, because the module imports it, or because there are too many
  // to hide or to look through: then nothing that a test prints may be sent.
  bool complete = true;
};

// Looks below the module's import root, the folders `more`, and where the interpreter finds
// packages that are not installed but lie in a project. What is installed is nobody's secret.
[[nodiscard]] HiddenFiles find_hidden(const model::SourceFile& module, const lang::Runtime& runtime,
                                      std::vector<std::filesystem::path> more,
                                      const std::vector<std::string>& never_send,
                                      const base::Clock& clock);

}  // namespace testgen::pipeline
