// The tests that a project already has about a module, found without being told where: in tests/
// or test/ below the project's root, in the module's package, and beside the module. What this
// program wrote itself does not count, so that a second run sees what the first one saw. Each
// folder is read once a minute at most; thread-safe.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "engine/traced/trace_run.h"
#include "model/source_file.h"
#include "pipeline/test_index.h"

namespace testgen::pipeline {

struct TestsOfModule {
  std::filesystem::path root;                // where the project's tests are started
  std::vector<std::filesystem::path> files;  // those named like the module first
};

// A run of them that follows how they call the module: what it needs of them, and the time for it,
// which is a part of the module's budget. None: it takes what it needs.
[[nodiscard]] engine::TraceRequest one_run_of(const TestsOfModule& tests,
                                              std::optional<std::chrono::milliseconds> budget);

class OwnTests {
 public:
  // No files when there are none. `installed`: the module lies among other people's packages,
  // and only its own package is looked at.
  [[nodiscard]] TestsOfModule about(const model::SourceFile& module, bool installed,
                                    const base::Clock& clock);

 private:
  std::shared_ptr<const TestIndex> index_of(const std::filesystem::path& folder,
                                            const base::Clock& clock);

  struct Entry {
    std::shared_ptr<const TestIndex> index;  // also with calls that are using it; or none
    base::SteadyTime read;
  };
  std::mutex mutex_;
  std::map<std::filesystem::path, Entry> folders_;
};

}  // namespace testgen::pipeline
