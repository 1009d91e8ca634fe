// Runs the files of one command in one process, as a person will run them: a test that passes in
// its own file may fail after those of another file, when both change what the code keeps.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "lang/runtime_cache.h"
#include "sandbox/sandbox.h"

namespace testgen::pipeline {

struct TogetherRequest {
  std::string interpreter;
  std::filesystem::path output;                // absolute; where the test files lie
  std::vector<std::filesystem::path> files;    // absolute
  std::vector<std::filesystem::path> sources;  // that they are about
  std::chrono::milliseconds deadline{60'000};  // of each of two runs
};

struct Together {
  // By file: "test_total" and "TestCart.test_total", which failed in the files' order or in its
  // reverse.
  std::map<std::filesystem::path, std::set<std::string>> failed;
  std::string problem;  // why a run gave no answer; empty when both did
};

// pytest runs them, with the configuration of the project around `output`. An Error when there is
// no runtime.
[[nodiscard]] base::Result<Together> run_together(sandbox::Sandbox& sandbox,
                                                  lang::RuntimeCache& runtimes,
                                                  const base::Clock& clock,
                                                  const TogetherRequest& request,
                                                  const std::stop_token& stop);

}  // namespace testgen::pipeline
