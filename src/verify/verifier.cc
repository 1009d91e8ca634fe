#include "verify/verifier.h"

#include <algorithm>
#include <array>
#include <future>
#include <map>

#include "base/file_system.h"
#include "base/strings.h"
#include "verify/pytest_run.h"

namespace testgen::verify {
namespace {

constexpr int kHostilePasses = 4;
constexpr int kFinalAttempts = 3;
constexpr std::size_t kMostDeadly = 4;  // tests that may take a pass down before it is given up

// What a good test does not notice. The first pass keeps the file's order.
const std::array<RunEnvironment, kHostilePasses + 1>& environments() {
  static const std::array<RunEnvironment, kHostilePasses + 1> kEnvironments{{
      {"1", "UTC", "C.UTF-8", 0},
      {"31337", "America/St_Johns", "C", 11},
      {"7", "Asia/Kathmandu", "C.UTF-8", 29},
      {"random", "Pacific/Apia", "POSIX", 47},
      {"0", "Europe/Berlin", "C.UTF-8", 0},
  }};
  return kEnvironments;
}

// The line of a failure report that says what went wrong.
std::string complaint(const std::string& report) {
  for (const std::string& line : base::split(report, '\n')) {
    if (!line.starts_with("E  ")) continue;
    return std::string(base::trim(std::string_view(line).substr(1))).substr(0, 200);
  }
  return "no reason given";
}

class Verifier {
 public:
  Verifier(const VerifyRequest& request, sandbox::Sandbox& sandbox, const std::stop_token& stop)
      : request_(request), sandbox_(sandbox), stop_(stop) {}

  base::Result<Verification> run(const std::function<void(double)>& progress) {
    out_.kept = request_.tests;
    for (int pass = 0; pass < kHostilePasses && !out_.kept.empty(); pass += 2) {
      // Two at a time: the passes do not depend on each other.
      auto second = std::async(std::launch::async,
                               [this, pass] { return pass_to_the_end(pass + 1, out_.kept); });
      auto first = pass_to_the_end(pass, out_.kept);
      auto other = second.get();
      if (!first) return first.error();
      if (!other) return other.error();
      drop_failures(*first);
      drop_failures(*other);
      progress((pass + 2) / (kHostilePasses + 1.0));
      if (stop_.stop_requested()) break;
    }
    for (int attempt = 0; attempt < kFinalAttempts && !out_.kept.empty(); ++attempt) {
      const std::size_t before = out_.kept.size();
      TG_ASSIGN(const PytestResult last,
                pass_once(kHostilePasses, request_.measure_coverage, out_.kept));
      if (!last.finished && attempt + 1 < kFinalAttempts) continue;
      drop_failures(last);
      out_.coverage = last.coverage;
      if (out_.kept.size() == before) break;
      if (attempt + 1 == kFinalAttempts) {
        for (const auto& test : out_.kept) drop(test, "the suite never passed as a whole");
        out_.kept.clear();
      }
    }
    out_.passes = stop_.stop_requested() ? 1 : kHostilePasses + 1;
    progress(1.0);
    return std::move(out_);
  }

 private:
  // A test that takes its process down must not take the others with it: it is named, left out,
  // and the pass begins again.
  base::Result<PytestResult> pass_to_the_end(int index, std::vector<model::TestCase> tests) {
    std::map<std::string, std::string> deadly;
    while (true) {
      TG_ASSIGN(PytestResult result, pass_once(index, false, tests));
      const std::string culprit = result.last_started;
      const auto found = std::find_if(tests.begin(), tests.end(),
                                      [&](const auto& test) { return test.name == culprit; });
      if (result.finished || found == tests.end() || deadly.size() >= kMostDeadly) {
        for (const auto& [name, how] : deadly) {
          result.outcomes[name] = "failed";
          result.problems[name] = "E  it ended or stopped its process: " + how;
        }
        return result;
      }
      deadly[culprit] = result.failure;
      tests.erase(found);
      if (tests.empty()) {
        result.finished = true;
        result.outcomes[culprit] = "failed";
        result.problems[culprit] = "E  it ended or stopped its process: " + result.failure;
        return result;
      }
    }
  }

  base::Result<PytestResult> pass_once(int index, bool coverage,
                                       const std::vector<model::TestCase>& tests) {
    TG_ASSIGN(const base::TempDir folder, base::TempDir::create("testgen-verify"));
    TG_TRY(base::write_file_atomic(folder.path() / request_.file_name,
                                   request_.render(tests, folder.path())));
    PytestRequest run;
    run.interpreter = request_.interpreter;
    run.read_only = request_.read_only;
    run.folder = folder.path();
    run.test_file = request_.file_name;
    run.source = request_.source;
    run.coverage = coverage;
    run.environment = environments()[static_cast<std::size_t>(index)];
    // A stop request must not cut a pass short: what it proves is what will be kept.
    return run_pytest(sandbox_, run, {});
  }

  void drop(const model::TestCase& test, const std::string& reason) {
    out_.dropped.push_back({test.name, reason});
  }

  void drop_failures(const PytestResult& result) {
    std::vector<model::TestCase> kept;
    for (model::TestCase& test : out_.kept) {
      const auto outcome = result.outcomes.find(test.name);
      if (outcome != result.outcomes.end() && outcome->second == "passed") {
        kept.push_back(std::move(test));
        continue;
      }
      std::string reason = "did not pass again in a fresh process";
      if (!result.finished) {
        reason = "the run did not finish: " + result.failure;
      } else if (outcome == result.outcomes.end()) {
        reason = "was not collected by the runner";
        const auto problem = result.problems.find("");
        if (problem != result.problems.end()) reason += ": " + problem->second;
      } else if (const auto problem = result.problems.find(test.name);
                 problem != result.problems.end()) {
        reason += ": " + complaint(problem->second);
      }
      drop(test, reason);
    }
    out_.kept = std::move(kept);
  }

  const VerifyRequest& request_;
  sandbox::Sandbox& sandbox_;
  const std::stop_token& stop_;
  Verification out_;
};

}  // namespace

base::Result<Verification> verify(const VerifyRequest& request, sandbox::Sandbox& sandbox,
                                  const std::function<void(double)>& progress,
                                  const std::stop_token& stop) {
  return Verifier(request, sandbox, stop).run(progress);
}

}  // namespace testgen::verify
