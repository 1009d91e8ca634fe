// One run of test files that a person wrote, under pytest with the project's own configuration,
// in the sandbox: which tests pass, and what they cover of one module. What the run reports is
// read as untrusted.
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

// Where pytest finds what belongs to the tests.
struct ProjectPlace {
  std::filesystem::path root;         // pytest starts here; conftest files and settings are below
  std::filesystem::path import_root;  // of the module under test
};

struct SuiteRequest {
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;
  std::filesystem::path folder;  // scratch, writable inside
  std::vector<std::filesystem::path> test_files;
  ProjectPlace project;
  std::filesystem::path source;  // measured; empty: none is
  std::chrono::milliseconds deadline{60'000};
};

struct SuiteResult {
  std::map<std::string, std::string> outcomes;  // pytest's id → "passed", "failed", "skipped"
  std::map<std::string, std::string> failures;  // id → what went wrong
  std::optional<model::Coverage> coverage;
  std::string problem;  // a file that could not be collected, or why the run did not end
};

// The environment of a run of a project's tests.
[[nodiscard]] std::vector<std::string> project_environment(const ProjectPlace& project);

[[nodiscard]] base::Result<SuiteResult> run_suite(sandbox::Sandbox& sandbox,
                                                  const SuiteRequest& request,
                                                  const std::stop_token& stop);

}  // namespace testgen::verify
