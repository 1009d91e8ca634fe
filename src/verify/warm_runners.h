// The environments a test must pass in: hostile ones, kept warm and used again, and a last one
// that is fresh for every run and measures coverage. Started while the search still runs, since
// waiting costs only memory. start() may be followed by use from several threads, each with
// another index.
#pragma once

#include <array>
#include <memory>

#include "verify/warm_runner.h"

namespace testgen::verify {

// What all runners of one module have in common.
struct RunnersSetup {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;
  model::Framework framework = model::Framework::Pytest;
  std::filesystem::path source;                 // the module under test; measured by the last run
  std::vector<std::filesystem::path> hidden{};  // files that look empty
};

class WarmRunners {
 public:
  static constexpr std::size_t kHostile = 4;

  // Borrows the sandbox. What cannot be started now is tried again when it is needed.
  WarmRunners(sandbox::Sandbox& sandbox, RunnersSetup setup);

  [[nodiscard]] model::Framework framework() const { return setup_.framework; }

  // In hostile environment `index`. A runner that died is replaced at the next run.
  [[nodiscard]] base::Status run_hostile(std::size_t index, const RunRequest& request,
                                         RunReport& report);
  // In an interpreter that has run nothing before, with coverage.
  [[nodiscard]] base::Status run_fresh(const RunRequest& request, RunReport& report);

 private:
  [[nodiscard]] RunnerSetup setup_for(std::size_t index) const;

  sandbox::Sandbox& sandbox_;
  RunnersSetup setup_;
  std::array<std::unique_ptr<WarmRunner>, kHostile + 1> runners_;  // the last one is fresh
};

}  // namespace testgen::verify
