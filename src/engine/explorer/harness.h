// Talks to languages/python/harness/ in the sandbox: loads the instrumented module and runs
// batches of candidate tests. Everything that comes back is hostile: lengths, types and ranges
// are checked, the shared memory is sealed against shrinking, and a harness that dies, lies or
// hangs is restarted with the blame on the test that was running. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/import_plan.h"
#include "model/module_model.h"
#include "sandbox/sandbox.h"

namespace testgen::engine {

// One of the environments a test must not depend on.
struct HarnessEnvironment {
  std::string hash_seed = "0";
  std::string time_zone = "UTC";
  std::string home = "/tmp";
};

struct HarnessSetup {
  std::string interpreter;                       // absolute path of the Python
  std::vector<std::filesystem::path> read_only;  // folders that must be visible
  HarnessEnvironment environment;
  const model::ModuleModel* module = nullptr;  // borrowed
  model::ImportPlan plan;
  std::vector<std::filesystem::path> conftests;  // whose fixtures are had; the outermost first
  std::chrono::milliseconds load_deadline{8'000};
  std::chrono::milliseconds test_deadline{250};  // wall time a candidate may take
  std::chrono::milliseconds lifetime{120'000};
};

enum class CandidateOutcome {
  NotRun = 0,
  Running = 1,
  Passed = 2,
  Raised = 3,
  OutOfFuel = 4,
  TimedOut = 5,
  Discarded = 6,  // touched files, network, processes, or ran out of memory or stack
  Broken = 7,     // not valid Python
  Crashed = 8,    // took its process down
};

struct RaisedException {
  std::string type;            // qualified name
  std::string module;          // "builtins"
  std::string message;         // at most 300 characters; empty when it holds an address
  std::uint32_t line = 0;      // in the candidate's source, from 1
  bool inside_module = false;  // the innermost frame is the module under test
  bool deliberate = false;     // by a `raise` or `assert`, not by an operation that failed
};

// Operands seen at a comparison site, as literals; see languages/python/harness/start.py.
struct Capture {
  std::uint32_t site = 0;
  std::string left;
  std::string right;
  bool outcome = false;
};

struct Fact {
  std::string expression;
  std::string kind;  // "eq", "is" or "type"
  std::string literal;
  bool changed = true;  // false: it held before the last statement, too
};

struct Candidate {
  std::string source;
  std::vector<std::string> watch;        // variables to observe; the first one gives the shape
  std::vector<std::string> definitions;  // helpers, each a whole def or class
  std::vector<std::string> fixtures;     // what a runner would hand in: "tmp_path", "monkeypatch"
  std::vector<std::string> stubs;        // expressions of stand-ins whose use is reported
  std::string subject;                   // what it is about: blamed when it hangs
  std::size_t longest = 0;               // characters that a value may be told in; 0: as usual
};

// How a stand-in was used: "" the stand-in itself, ".read" an attribute, "()" a call's result.
struct StubUse {
  std::string stub;
  std::vector<std::string> paths;  // "().json()", "().status_code", "().__enter__().read()"
};

struct CandidateResult {
  CandidateOutcome outcome = CandidateOutcome::NotRun;
  std::string shape;                 // when it passed; why, when it was discarded
  RaisedException exception;         // when it raised
  std::vector<Capture> captures;     // when asked for
  std::vector<Fact> facts;           // when asked for and it passed
  std::vector<std::uint32_t> goals;  // ids covered, ascending
  // When discarded: what was touched beyond `shape`, such as the path of a file or the name that
  // the module gives a function.
  std::vector<std::string> touched;
  std::vector<StubUse> stub_uses;
};

// Whether the last of so many statements returned or raised: an exception before it says nothing
// about it.
[[nodiscard]] inline bool ended_in_act(const CandidateResult& result, std::size_t statements) {
  return result.outcome == CandidateOutcome::Passed ||
         (result.outcome == CandidateOutcome::Raised && result.exception.line == statements);
}

struct RunOptions {
  bool capture = false;
  bool observe = false;
  // In a child that has served others before, although observed: for facts that are checked again.
  bool shared = false;
  std::uint32_t fuel = 20'000;  // loop iterations a test may take
  // A subject that has hung or run out of memory twice is not run again in this call.
  bool give_up = false;
  std::chrono::milliseconds patience{0};  // for all of them; the rest is not run; 0: no limit
};

// A test and what it asserts, to be tried on mutants.
struct MutantTest {
  Candidate candidate;
  std::vector<std::string> checks;  // expressions that hold on the module itself, at most 60
  std::optional<RaisedException> expected;  // instead of checks; message may be a part of it
};

// One mutant, and which of the tests may notice it, likely ones first.
struct MutantTask {
  const model::MutationUnit* unit = nullptr;  // borrowed
  std::string text;                           // the unit's, changed
  std::vector<std::uint32_t> tests;           // indices, ascending use
};

// In place of checks: the changed module cannot be imported, which is no merit of the test.
inline constexpr std::uint64_t kFailsAtImport = std::uint64_t{1} << 63U;

struct Kill {
  std::uint32_t test = 0;
  std::uint64_t checks = 0;  // bits of those that failed; none: the test ended in another way
};

// The text of a mutant.
[[nodiscard]] std::string mutated_text(const model::Mutation& mutation,
                                       const model::Mutant& mutant);

// A class as it is at run time.
struct RuntimeClass {
  bool abstract = false;
  bool has_signature = false;
  std::vector<model::Parameter> parameters;
  std::vector<std::string> members;        // of an enumeration
  std::vector<std::string> protocol;       // what it asks for: "name", "method()"
  std::vector<std::string> methods;        // own ones
  std::vector<std::string> unimplemented;  // abstract ones, inherited too
};

struct RuntimeSymbols {
  std::vector<std::string> functions;
  std::map<std::string, RuntimeClass> classes;
  // Of other modules, by the names that the module imported them under.
  std::map<std::string, RuntimeClass> neighbours;
  std::vector<std::uint32_t> import_goals;  // reached while the module was imported, ascending
  std::vector<std::string> blocked;         // accelerators that had to be blocked
};

class Harness {
 public:
  static constexpr std::size_t kBatch = 128;

  // Starts the interpreter and loads the module. An Error says why the module cannot be
  // imported (InvalidInput) or why the sandbox or interpreter does not work (Environment).
  [[nodiscard]] static base::Result<std::unique_ptr<Harness>> start(sandbox::Sandbox& sandbox,
                                                                    HarnessSetup setup,
                                                                    std::stop_token stop);
  ~Harness();
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  [[nodiscard]] const RuntimeSymbols& symbols() const { return symbols_; }

  // Fixtures of the project, by name the conftest.py that gives it; or why there are none.
  [[nodiscard]] const std::map<std::string, std::string>& fixtures() const { return fixtures_; }
  [[nodiscard]] const std::string& fixtures_problem() const { return fixtures_problem_; }

  // Runs the candidates, at most kBatch of them, in one forked child, which is a new one when
  // they are observed; the results are in the same order. A candidate that kills its child is
  // marked and those after it run in another.
  [[nodiscard]] base::Result<std::vector<CandidateResult>> run(
      const std::vector<Candidate>& candidates, const RunOptions& options);

  // Tries the tests on each mutant; with `first` only until one notices. Mutants share a forked
  // child as long as they can be taken back. One that hangs or dies is noticed by the test that
  // ran. After `patience` the rest is not run: the answer may be shorter than the tasks.
  [[nodiscard]] base::Result<std::vector<std::vector<Kill>>> run_mutants(
      const std::vector<MutantTest>& tests, const std::vector<MutantTask>& tasks, bool first,
      std::chrono::milliseconds patience);

  // Total of candidates handed to run().
  [[nodiscard]] std::uint64_t executions() const { return executions_; }

 private:
  struct Connection;
  Harness(sandbox::Sandbox& sandbox, HarnessSetup setup, std::stop_token stop);
  base::Status connect();
  base::Status load();
  base::Status load_module();
  base::Status load_fixtures();
  base::Status restart();
  struct Round;  // one call of run()
  base::Status run_pending(Round& round);

  sandbox::Sandbox& sandbox_;
  HarnessSetup setup_;
  std::stop_token stop_;
  RuntimeSymbols symbols_;
  std::map<std::string, std::string> fixtures_;
  std::string fixtures_problem_;
  std::unique_ptr<Connection> connection_;
  std::uint64_t executions_ = 0;
  int restarts_ = 0;
};

}  // namespace testgen::engine
