// The result of a whole `generate` run, as the reports show it: what pipeline and writer found,
// and what was asked for. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
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

// A figure the user wants at least, in percent.
struct Target {
  std::string name;  // "coverage", "mutation" or "quality"
  double wanted = 0;
  std::optional<double> reached;  // nothing: it was not measured
  [[nodiscard]] bool met() const { return reached && *reached >= wanted; }
};
// "coverage is 81.2%, the target is 85%".
[[nodiscard]] std::string describe(const Target& target);

struct RunReport {
  std::string tool_version;
  std::uint64_t seed = 0;
  std::chrono::milliseconds budget{0};   // for one module
  std::chrono::milliseconds elapsed{0};  // of the whole run
  bool interrupted = false;
  std::filesystem::path output;
  std::string sandbox;       // "bubblewrap" or "none"
  std::string test_command;  // how to run what was written; empty when nothing was
  std::vector<Target> targets;
  std::vector<ModuleOutcome> modules;
};

}  // namespace testgen::emit
