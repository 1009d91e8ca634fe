// One run of a test file under pytest in the sandbox, in a fresh process. What the run reports
// is read as untrusted: only names the caller asked about count.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/report.h"
#include "sandbox/sandbox.h"

namespace testgen::verify {

// What one run must not depend on.
struct RunEnvironment {
  std::string hash_seed;
  std::string time_zone;
  std::string locale = "C.UTF-8";
  unsigned order_seed = 0;  // 0: the file's own order
};

struct PytestRequest {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;
  std::filesystem::path folder;  // holds the test file; writable inside
  std::string test_file;         // its name in the folder
  std::filesystem::path source;  // measured when `coverage` is set
  bool coverage = false;
  RunEnvironment environment;
  std::chrono::milliseconds deadline{30'000};
};

struct PytestResult {
  bool finished = false;                        // false: died, hung or wrote no result
  std::string failure;                          // why it did not finish
  std::string last_started;                     // the test that was running then
  std::map<std::string, std::string> outcomes;  // test → passed, failed, skipped
  std::map<std::string, std::string> problems;  // test (or "") → tail of its report
  std::optional<model::Coverage> coverage;
};

[[nodiscard]] base::Result<PytestResult> run_pytest(sandbox::Sandbox& sandbox,
                                                    const PytestRequest& request,
                                                    const std::stop_token& stop);

}  // namespace testgen::verify
