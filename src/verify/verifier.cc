#include "verify/verifier.h"

#include <algorithm>
#include <array>
#include <functional>
#include <future>
#include <set>

#include "verify/culprit.h"
#include "verify/verdicts.h"

namespace testgen::verify {
namespace {

using std::chrono::milliseconds;

// Orders of the hostile passes; the first one is the file's own.
constexpr std::array<unsigned, WarmRunners::kHostile> kOrders{0, 11, 29, 47};
constexpr int kFinalAttempts = 4;
constexpr int kMostDeadly = 5;  // tests that may take a pass down before it is given up
// A test that takes longer is dropped: a suite of such tests is not run.
constexpr milliseconds kSlowTest{1'000};
constexpr milliseconds kHangingTest{10'000};  // when the clock must decide nothing else
constexpr milliseconds kLongestPass{120'000};
constexpr milliseconds kShortestPass{800};    // however late it is
constexpr double kShareOfAPass = 0.5;         // of what is left, at most
constexpr milliseconds kLongestTrial{5'000};  // of tests of which one took the runner down
// Where the file lies inside the sandbox, as far as paths in it are concerned.
constexpr const char* kFolder = "/tmp/run";

class Verifier {
 public:
  Verifier(VerifyRequest request, WarmRunners& runners, const std::stop_token& stop)
      : request_(std::move(request)), runners_(runners), stop_(stop) {}

  base::Result<Verification> run(const std::function<void(double)>& progress) {
    out_.kept = std::move(request_.tests);
    for (std::size_t pass = 0; pass < WarmRunners::kHostile && !out_.kept.empty(); pass += 2) {
      TG_TRY(hostile_passes(pass));
      out_.passes += 2;
      progress(static_cast<double>(pass + 2) / (WarmRunners::kHostile + 1));
      if (stop_.stop_requested()) break;
    }
    if (!out_.kept.empty()) TG_TRY(final_pass());
    ++out_.passes;
    progress(1.0);
    return std::move(out_);
  }

 private:
  // Tests that have no place in the file are dropped.
  model::RenderedSuite render(model::SuiteLayout layout) {
    model::RenderedSuite suite = request_.render(out_.kept, kFolder, layout);
    std::set<std::size_t> written;
    for (const auto& item : suite.items) written.insert(item.tests.begin(), item.tests.end());
    if (written.size() >= out_.kept.size()) return suite;
    std::vector<model::TestCase> kept;
    for (std::size_t i = 0; i < out_.kept.size(); ++i) {
      if (written.contains(i)) {
        kept.push_back(std::move(out_.kept[i]));
      } else {
        out_.dropped.push_back(
            {out_.kept[i].name,
             "it would be 25 lines or longer, or needs what the runner has not"});
      }
    }
    out_.kept = std::move(kept);
    return request_.render(out_.kept, kFolder, layout);
  }

  // Two at a time: they do not depend on each other.
  base::Status hostile_passes(std::size_t first) {
    const model::RenderedSuite suite = render(model::SuiteLayout::OneItemACase);
    if (out_.kept.empty()) return {};
    std::array<Verdicts, 2> verdicts;
    std::array<std::string, 2> missing;
    auto second = std::async(std::launch::async, [&, first] {
      return hostile_pass(first + 1, suite, verdicts[1], missing[1]);
    });
    const auto status = hostile_pass(first, suite, verdicts[0], missing[0]);
    const auto other = second.get();
    TG_TRY(status);
    TG_TRY(other);
    // Both must have seen a case, and what moved in either has moved.
    Verdicts both;
    for (auto& [test, verdict] : verdicts[0]) {
      const auto found = verdicts[1].find(test);
      if (found == verdicts[1].end()) continue;
      verdict.passed = verdict.passed && found->second.passed;
      verdict.moved.insert(found->second.moved.begin(), found->second.moved.end());
      if (verdict.problem.empty()) verdict.problem = found->second.problem;
      both.emplace(test, std::move(verdict));
    }
    out_.assertions_dropped +=
        keep_passed(both, missing[0].empty() ? missing[1] : missing[0], out_.kept, out_.dropped);
    return {};
  }

  // A test that takes its process down must not take the others with it: it is named, and the
  // pass goes on after it.
  base::Status hostile_pass(std::size_t index, const model::RenderedSuite& suite,
                            Verdicts& verdicts, std::string& missing) {
    RunRequest run = run_request(suite, kShareOfAPass);
    run.order_seed = kOrders[index];
    run.separate = true;
    const auto end = std::chrono::steady_clock::now() + run.limit;
    for (int deadly = 0; deadly <= kMostDeadly; ++deadly) {
      RunReport report;
      const auto status = runners_.run_hostile(index, run, report);
      if (!status && status.error().code != base::ErrorCode::Unavailable) return status.error();
      // A runner that was gone before it began is replaced, once.
      if (!status && report.begun.empty() && deadly == 0) continue;
      add_verdicts(report, suite, verdicts);
      missing = why_not_run(report);
      if (report.finished || report.ended == "out of time") return {};
      const auto again = [&](RunRequest request, RunReport& seen) {
        return runners_.run_hostile(index, request, seen);
      };
      const std::string blamed = blame(report, status, suite, run, again, verdicts);
      if (blamed.empty()) return {};
      run.skip.push_back(blamed);
      for (const auto& [id, item] : report.items) run.skip.push_back(id);
      run.limit = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
      if (run.limit < kShortestPass / 4) return {};
    }
    return {};
  }

  using Run = std::function<base::Status(RunRequest, RunReport&)>;

  // Marks the test that took the runner down and tells its name; empty when there is none.
  static std::string blame(const RunReport& report, const base::Status& status,
                           const model::RenderedSuite& suite, const RunRequest& run,
                           const Run& again, Verdicts& verdicts) {
    std::string blamed = report.last_started;
    // A process that ended while its parent lives has ended in the test that it was running.
    if (!status || blamed.empty()) {
      const auto found = culprit(
          report.begun, [&](const Tests& tests) { return ends_runner(suite, run, again, tests); });
      if (found) blamed = *found;
    }
    const auto item = std::find_if(suite.items.begin(), suite.items.end(),
                                   [&](const auto& other) { return other.id == blamed; });
    if (item == suite.items.end()) return {};
    for (const std::size_t test : item->tests) {
      verdicts[test] = {
          false, {}, "it ended or stopped its process: " + how_it_ended(report, status)};
    }
    return blamed;
  }

  // Whether these tests take the runner down when nothing else runs.
  static bool ends_runner(const model::RenderedSuite& suite, RunRequest run, const Run& again,
                          const Tests& tests) {
    run.limit = std::min(run.limit, kLongestTrial);
    run.skip.clear();
    for (const model::SuiteItem& other : suite.items) {
      if (std::find(tests.begin(), tests.end(), other.id) == tests.end()) {
        run.skip.push_back(other.id);
      }
    }
    RunReport report;
    const auto status = again(run, report);
    const bool lost = !status && status.error().code == base::ErrorCode::Unavailable;
    return !report.begun.empty() && (lost || (!report.finished && report.ended != "out of time"));
  }

  base::Status final_pass() {
    for (int attempt = 1; attempt <= kFinalAttempts && !out_.kept.empty(); ++attempt) {
      const model::RenderedSuite suite = render(model::SuiteLayout::AsEmitted);
      if (out_.kept.empty()) return {};
      const RunRequest run = run_request(suite, 1.0);
      const auto again = [&](RunRequest request, RunReport& seen) {
        return runners_.run_fresh(request, seen);
      };
      RunReport report;
      const auto status = again(run, report);
      if (!status && status.error().code != base::ErrorCode::Unavailable) return status.error();
      Verdicts verdicts;
      add_verdicts(report, suite, verdicts);
      if (!report.finished) blame(report, status, suite, run, again, verdicts);
      const std::size_t before = out_.kept.size();
      const auto all = out_.kept;
      std::vector<model::Omission> dropped;
      keep_passed(verdicts, why_not_run(report), out_.kept, dropped);
      const bool whole = report.finished && out_.kept.size() == before;
      const bool late = request_.deadline && std::chrono::steady_clock::now() >= *request_.deadline;
      if (whole || late) {
        out_.coverage = whole ? coverage_of(report) : std::nullopt;
        append(dropped);
        return {};
      }
      if (!report.finished && verdicts.empty() && attempt < kFinalAttempts) {
        // Nothing is known of any test: the process died too early. Once more with all of them.
        out_.kept = all;
        continue;
      }
      if (!report.finished) {
        // What was not reached is tried again, without the test that was running.
        out_.kept = without_failed(all, verdicts, dropped);
      }
      append(dropped);
    }
    for (const auto& test : out_.kept) {
      out_.dropped.push_back({test.name, "the suite never passed as a whole"});
    }
    out_.kept.clear();
    return {};
  }

  // Those that were seen to fail go; those that were never run stay.
  static std::vector<model::TestCase> without_failed(const std::vector<model::TestCase>& all,
                                                     const Verdicts& verdicts,
                                                     std::vector<model::Omission>& dropped) {
    std::vector<model::TestCase> out;
    std::vector<model::Omission> failed;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto verdict = verdicts.find(i);
      if (verdict == verdicts.end() || verdict->second.passed) {
        out.push_back(all[i]);
      } else {
        failed.push_back({all[i].name, verdict->second.problem});
      }
    }
    dropped = std::move(failed);
    return out;
  }

  [[nodiscard]] RunRequest run_request(const model::RenderedSuite& suite, double share) const {
    RunRequest run;
    run.file_name = request_.file_name;
    run.text = suite.text;
    run.conftests = request_.conftests;
    run.module = request_.module;
    run.source = request_.source;
    run.a_test = request_.deadline ? kSlowTest : kHangingTest;
    run.limit = kLongestPass;
    if (request_.deadline) {
      const auto left = std::chrono::duration<double, std::milli>(*request_.deadline -
                                                                  std::chrono::steady_clock::now());
      run.limit = std::clamp(milliseconds(static_cast<long>(left.count() * share)), kShortestPass,
                             kLongestPass);
    }
    return run;
  }

  static std::string how_it_ended(const RunReport& report, const base::Status& status) {
    const std::string how = status ? report.ended : status.error().message;
    return report.problem.empty() ? how : how + ": " + report.problem;
  }

  static std::string why_not_run(const RunReport& report) {
    if (report.ended == "out of time") return "there was no time left to verify it";
    if (!report.problem.empty()) return "was not collected by the runner: " + report.problem;
    if (!report.finished) return "the run did not finish: " + report.ended;
    return "was not collected by the runner";
  }

  // Without a tool that knows branches, those that the explorer's own probes saw count.
  [[nodiscard]] std::optional<model::Coverage> coverage_of(const RunReport& report) const {
    auto coverage = report.coverage;
    if (!coverage || coverage->branches_total != 0 || request_.goals == nullptr) return coverage;
    if (coverage->tool != "testgen") return coverage;
    std::set<std::uint32_t> covered;
    for (const auto& test : out_.kept) covered.insert(test.goals.begin(), test.goals.end());
    for (std::uint32_t goal = 0; goal < request_.goals->size(); ++goal) {
      if (!(*request_.goals)[goal].is_branch) continue;
      ++coverage->branches_total;
      coverage->branches_covered += covered.contains(goal) ? 1 : 0;
    }
    return coverage;
  }

  void append(std::vector<model::Omission>& dropped) {
    out_.dropped.insert(out_.dropped.end(), dropped.begin(), dropped.end());
  }

  VerifyRequest request_;
  WarmRunners& runners_;
  const std::stop_token& stop_;
  Verification out_;
};

}  // namespace

base::Result<Verification> verify(VerifyRequest request, WarmRunners& runners,
                                  const std::function<void(double)>& progress,
                                  const std::stop_token& stop) {
  return Verifier(std::move(request), runners, stop).run(progress);
}

}  // namespace testgen::verify
