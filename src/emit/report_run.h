// The result of a whole `generate` run, as the reports show it: what pipeline and writer found,
// and what was asked for. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "emit/writer.h"
#include "model/report.h"

namespace testgen::emit {

struct ModuleOutcome {
  model::ModuleReport report;
  std::vector<WrittenFile> files;         // as many as report.files, less those in write_errors
  std::vector<base::Error> write_errors;  // files that could not be written
};

struct RunReport {
  std::string tool_version;
  std::uint64_t seed = 0;
  std::chrono::milliseconds budget{0};   // for one module
  std::chrono::milliseconds elapsed{0};  // of the whole run
  bool interrupted = false;
  std::filesystem::path output;
  std::string sandbox;       // "bubblewrap" or "none"
  std::string test_command;  // how to run what was written; empty when nothing was
  std::vector<ModuleOutcome> modules;
};

}  // namespace testgen::emit
