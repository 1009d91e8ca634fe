// What a language must offer before its code can be analyzed and run. One constant object per
// language, found by name; stateless and thread-safe.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/source_file.h"

namespace testgen::lang {

// A runtime of the target language on this machine, and what a sandbox must show of it.
struct Runtime {
  std::filesystem::path executable;  // as started: may lie in a virtual environment
  std::string version;               // "3.11.2"
  std::string origin;                // why this one: "VIRTUAL_ENV", "python3 on PATH", …
  std::string runner_version;        // of pytest
  std::string coverage_version;      // of coverage.py; empty when it is not there
  // Folders the sandbox shows read-only; none lies inside another.
  std::vector<std::filesystem::path> read_only_paths;
  // Where installed packages are looked for, in order, after the import root.
  std::vector<std::filesystem::path> search_path;
  std::filesystem::path standard_library;
  std::vector<std::string> standard_modules;  // sorted, top level: "abc", "argparse", …
};

struct RuntimeRequest {
  std::string explicit_path;        // chosen by the user; empty: resolved
  std::string virtual_environment;  // $VIRTUAL_ENV, or empty
  std::string on_path;              // python3 on PATH, or empty
  std::string system_default = "/usr/bin/python3";
  std::filesystem::path project;       // a file or folder whose .venv may be used; or empty
  bool needs_runner = true;            // false: the language's own test library is enough
  base::Milliseconds timeout{10'000};  // for each interpreter that is asked

  // VIRTUAL_ENV and PATH of this process.
  [[nodiscard]] static RuntimeRequest from_environment();
};

class Language {
 public:
  virtual ~Language() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  // Sets import_root, module_name and importable from path and text.
  virtual void locate(model::SourceFile& source) const = 0;
  // Environment, with what to install, when no usable runtime is found.
  [[nodiscard]] virtual base::Result<Runtime> find_runtime(const RuntimeRequest& request,
                                                           const base::Clock& clock) const = 0;
};

// nullptr for a language this build does not know.
[[nodiscard]] const Language* find_language(std::string_view name);

}  // namespace testgen::lang
