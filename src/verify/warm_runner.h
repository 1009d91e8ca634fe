// Interpreters that have imported the test runner and wait, so that a run costs no start-up.
// Each lives in a sandbox of its own with its own hash seed, time zone, locale and clock, and
// forks a child for every run; languages/python/verify/serve.py is the other side. What it says
// is hostile. A runner is used by one thread at a time; different runners by different threads.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "model/project_fixture.h"
#include "model/test_case.h"
#include "sandbox/sandbox.h"
#include "verify/run_report.h"

namespace testgen::verify {

// What a run must not depend on.
struct RunEnvironment {
  std::string hash_seed = "0";
  std::string time_zone = "UTC";
  std::string locale = "C.UTF-8";
  std::chrono::seconds clock_shift{0};  // added to the wall clock
};

struct RunnerSetup {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;  // what the interpreter and the project need
  std::vector<std::filesystem::path> hidden;     // files of those that look empty
  model::Framework framework = model::Framework::Pytest;
  std::filesystem::path measured;  // coverage of this file, from the runner's start; or empty
  RunEnvironment environment;
  std::chrono::milliseconds lifetime{3'600'000};
};

struct RunRequest {
  std::string file_name;
  std::string text;
  std::vector<std::string> skip;  // ids that are not run
  model::Conftests conftests;     // pytest only
  // A module of this name must come from this file, else nothing is run; empty: any will do.
  std::string module;
  std::filesystem::path source;
  unsigned order_seed = 0;  // 0: the file's own order
  bool separate = false;    // evaluate each assertion on its own
  std::chrono::milliseconds a_test{2'000};
  std::chrono::milliseconds limit{30'000};  // of the whole run
};

class WarmRunner {
 public:
  // Returns at once; the interpreter gets ready by itself.
  [[nodiscard]] static base::Result<std::unique_ptr<WarmRunner>> start(sandbox::Sandbox& sandbox,
                                                                       const RunnerSetup& setup);

  // One run, within its limit and a second. Unavailable when the interpreter is gone or does
  // not speak the protocol: it cannot be used again, and `report` holds what it said till then.
  [[nodiscard]] base::Status run(const RunRequest& request, RunReport& report);

 private:
  WarmRunner() = default;
  base::UniqueFd commands_;
  base::UniqueFd replies_;
  std::unique_ptr<sandbox::Process> process_;
  std::string unread_;
};

}  // namespace testgen::verify
