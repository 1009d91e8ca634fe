// The result of generating tests for one module, and of a whole run. Ratios are 0 to 1.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace testgen::model {

// One way on from a line that can go on in several.
struct BranchOutcome {
  std::uint32_t line = 0;
  std::int32_t target = 0;  // the line it leads to; negative or 0: out of the function or module
  bool taken = false;
  bool operator==(const BranchOutcome&) const = default;
};

// Measured by the language's own coverage tool (coverage.py --branch), in a fresh process, over
// the whole file. A report has none where that tool is not installed.
struct Coverage {
  std::string tool;
  std::uint32_t lines_total = 0;
  std::uint32_t lines_covered = 0;
  std::uint32_t branches_total = 0;
  std::uint32_t branches_covered = 0;
  // The same line by line, ascending; empty where the tool does not tell.
  std::vector<std::uint32_t> covered_lines;
  std::vector<std::uint32_t> missed_lines;
  std::vector<BranchOutcome> branches;

  [[nodiscard]] double line_ratio() const {
    return lines_total == 0 ? 1.0 : static_cast<double>(lines_covered) / lines_total;
  }
  [[nodiscard]] double branch_ratio() const {
    return branches_total == 0 ? 1.0 : static_cast<double>(branches_covered) / branches_total;
  }
};

// Kills by the finished suite under the real runner, of a sample of mutants that the search did
// not aim at. Equivalent mutants count as alive.
struct MutationScore {
  std::uint32_t mutants_total = 0;     // found in the file
  std::uint32_t mutants_run = 0;       // of them, those that were tried
  std::uint32_t killed = 0;            // by a failing test, a timeout or a dead process
  std::vector<std::string> survivors;  // "line 12: < became <=", the first few

  [[nodiscard]] double ratio() const {
    return mutants_run == 0 ? 0.0 : static_cast<double>(killed) / mutants_run;
  }
};

// Something that was left out of the suite, and why.
struct Omission {
  std::string subject;  // a function or a test
  std::string reason;
};

// An exception nobody documented: not frozen into the suite, but shown with its input.
struct Suspicion {
  std::string function;
  std::string exception;   // "TypeError: …"
  std::string reproducer;  // source text
};

struct KeptTest {
  std::string name;      // of the test function
  std::string function;  // qualified name of what it is about
};

// What a run did with the tests that an earlier one wrote, where they did not stay.
struct RetiredTests {
  std::string function;  // qualified name
  std::uint32_t tests = 0;
  enum class Reason {
    Gone,     // the function is no longer there
    Changed,  // its source is another; its tests were written anew
    Stale,    // its source is the same, but they do not pass any more
  } reason = Reason::Gone;
  bool operator==(const RetiredTests&) const = default;
};

[[nodiscard]] constexpr std::string_view to_string(RetiredTests::Reason reason) {
  switch (reason) {
    case RetiredTests::Reason::Gone:
      return "gone";
    case RetiredTests::Reason::Changed:
      return "changed";
    case RetiredTests::Reason::Stale:
      return "stale";
  }
  return "gone";
}

// What a language model had to do with the module's tests.
struct ModelUse {
  std::string provider;  // of the last reply; empty when there was none
  std::string model;
  std::uint32_t proposed = 0;  // tests in its replies
  std::uint32_t kept = 0;
  std::uint32_t observed = 0;  // of those kept: with expected values replaced by seen ones
  std::uint64_t tokens = 0;
  std::optional<double> dollars;  // nothing: the price is unknown
};

struct GeneratedFile {
  std::string path;  // relative to the output folder
  std::string content;
};

struct ModuleReport {
  std::string source_path;
  std::string module_name;
  std::string language;
  std::string interpreter;  // the runtime that ran the tests, absolute
  std::uint64_t source_bytes = 0;
  std::uint32_t functions_total = 0;
  std::uint32_t functions_tested = 0;
  std::uint32_t tests_kept = 0;
  std::uint32_t tests_dropped = 0;  // by verification
  std::uint64_t executions = 0;     // candidate tests run
  std::optional<Coverage> coverage;
  std::optional<MutationScore> mutation;
  double quality = 0.0;  // scoring/score.h says how
  std::chrono::milliseconds elapsed{0};
  std::vector<GeneratedFile> files;
  std::vector<KeptTest> tests;
  std::uint32_t tests_standing = 0;  // of tests_kept: those of an earlier run, as they stood
  std::vector<RetiredTests> retired;
  std::vector<Omission> omissions;
  std::vector<Suspicion> suspicions;
  std::optional<ModelUse> model_use;  // none: no model was asked
  std::optional<base::Error> error;   // set when this module failed as a whole
};

}  // namespace testgen::model
