#include "pipeline/analyze.h"

#include <algorithm>
#include <array>
#include <memory>

#include "analysis/analysis.h"
#include "analysis/mutants.h"
#include "base/file_system.h"
#include "lang/language.h"
#include "pipeline/observed_sandbox.h"
#include "scoring/score.h"
#include "source/loader.h"
#include "telemetry/stage.h"
#include "verify/mutation_score.h"
#include "verify/suite_run.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t kSample = 300;
// Of one run of the tests as they are; people's suites may be slow.
constexpr milliseconds kSuiteDeadline{120'000};

class TestAnalyzer {
 public:
  TestAnalyzer(const AnalyzeContext& context, const fs::path& file, const TestIndex& tests,
               const AnalyzeOptions& options, Progress& progress,
               const telemetry::SpanContext& parent, const std::stop_token& stop)
      : context_(context),
        file_(file),
        tests_(tests),
        options_(options),
        progress_(progress),
        stop_(stop),
        start_(context.clock.steady_now()),
        whole_(context.telemetry, parent, "analyze", "analyze_tests"),
        sandbox_(context.sandbox, context.telemetry, whole_.context()) {}

  base::Result<model::TestAnalysis> run() {
    auto done = steps();
    if (!done) whole_.fail(done.error());
    if (!done) return std::move(done).error();
    out_.report.elapsed = duration_cast<milliseconds>(context_.clock.steady_now() - start_);
    return std::move(out_);
  }

 private:
  base::Status steps() {
    progress_.update(file_.filename().string(), "load", 0.0);
    TG_TRY(load());
    progress_.update(out_.report.module_name, "run", 0.1);
    TG_TRY(run_tests());
    progress_.update(out_.report.module_name, "mutants", 0.4);
    TG_TRY(try_mutants());
    score();
    progress_.update(out_.report.module_name, "done", 1.0);
    return {};
  }

  base::Status load() {
    TG_ASSIGN(source_, source::load(file_));
    const lang::Language* language = lang::find_language(source_.language);
    if (language == nullptr) {
      return base::Error{base::ErrorCode::Unsupported,
                         "tests for " + source_.language + " are not judged yet",
                         "Python is supported"};
    }
    language->locate(source_);
    TG_ASSIGN(module_, analysis::analyze(source_, context_.clock));
    if (module_.functions.empty() && module_.classes.empty()) {
      return base::Error{base::ErrorCode::NothingToDo,
                         source_.path.string() + " defines no function or class", ""};
    }
    auto request = lang::RuntimeRequest::from_environment();
    request.explicit_path = options_.interpreter;
    request.project = source_.path;
    TG_ASSIGN(runtime_, language->find_runtime(request, context_.clock));
    about_ = tests_.about(source_, context_.clock);
    for (const IndexedTestFile* file : about_) {
      out_.remarks.test_files.push_back(file->path.string());
      test_files_.push_back(file->path);
    }
    root_ = project_root(tests_.folder());
    read_only_ = runtime_.read_only_paths;
    read_only_.push_back(source_.import_root);
    read_only_.push_back(root_);
    read_only_.push_back(tests_.folder());
    model::ModuleReport& report = out_.report;
    report.source_path = file_.string();
    report.module_name = source_.module_name;
    report.language = source_.language;
    report.interpreter = runtime_.executable.string();
    report.source_bytes = source_.text.size();
    report.functions_total = static_cast<std::uint32_t>(module_.functions.size());
    return {};
  }

  base::Status run_tests() {
    TG_ASSIGN(const base::TempDir folder, base::TempDir::create("testgen-analyze"));
    verify::SuiteRequest request;
    request.interpreter = runtime_.executable.string();
    request.read_only = read_only_;
    request.folder = folder.path();
    request.test_files = test_files_;
    request.project = {root_, source_.import_root};
    request.source = source_.path;
    request.deadline = kSuiteDeadline;
    TG_ASSIGN(suite_, verify::run_suite(sandbox_, request, stop_));
    out_.report.coverage = suite_.coverage;
    if (!suite_.problem.empty() && !test_files_.empty()) {
      out_.report.omissions.push_back({"tests", suite_.problem});
    }
    for (const auto& [id, outcome] : suite_.outcomes) {
      if (outcome == "passed") out_.remarks.passing.push_back(id);
      if (outcome != "failed") continue;
      const auto why = suite_.failures.find(id);
      out_.remarks.failing.push_back({id, why == suite_.failures.end() ? "" : why->second});
    }
    out_.report.tests_kept = static_cast<std::uint32_t>(out_.remarks.passing.size());
    note_functions();
    note_assertions();
    return {};
  }

  // A function is tested when a line below its head ran.
  void note_functions() {
    if (!suite_.coverage) return;
    const std::vector<std::uint32_t>& lines = suite_.coverage->covered_lines;
    for (const model::FunctionModel& function : module_.functions) {
      const auto line = std::upper_bound(lines.begin(), lines.end(), function.first_line);
      if (line != lines.end() && *line <= function.last_line) ++out_.report.functions_tested;
    }
  }

  void note_assertions() {
    std::uint32_t tests = 0;
    std::uint32_t asserting = 0;
    for (const IndexedTestFile* file : about_) {
      for (const analysis::TestFunction& test : file->content.tests) {
        const std::string id = known_id(*file, test.id);
        if (id.empty()) continue;  // pytest did not take it for a test
        ++tests;
        if (test.asserts) {
          ++asserting;
        } else {
          out_.remarks.without_assertions.push_back(id);
        }
      }
    }
    strength_ = tests == 0 ? 0.0 : static_cast<double>(asserting) / tests;
  }

  // pytest's id of a test function, without parameters; "" for one that did not run.
  std::string known_id(const IndexedTestFile& file, const std::string& test) const {
    const std::string id = file.path.lexically_relative(root_).string() + "::" + test;
    const auto found = suite_.outcomes.lower_bound(id);
    if (found == suite_.outcomes.end() || !found->first.starts_with(id)) return {};
    return found->first.size() == id.size() || found->first[id.size()] == '[' ? id : std::string();
  }

  base::Status try_mutants() {
    TG_ASSIGN(const model::Mutation mutation,
              analysis::find_scoring_mutants(source_, context_.clock));
    model::MutationScore none;  // what no test reaches, none kills
    none.mutants_total = static_cast<std::uint32_t>(mutation.mutants.size());
    none.mutants_run = static_cast<std::uint32_t>(std::min(kSample, mutation.mutants.size()));
    out_.report.mutation = none;
    if (out_.report.tests_kept == 0 || mutation.mutants.empty() || stop_.stop_requested())
      return {};
    TG_ASSIGN(const base::TempDir folder, base::TempDir::create("testgen-mutants"));
    verify::MutationRequest request;
    request.interpreter = runtime_.executable.string();
    request.read_only = read_only_;
    request.folder = folder.path();
    request.test_files = test_files_;
    request.source = source_.path;
    request.module_name = source_.module_name;
    request.mutation = &mutation;
    request.sample = kSample;
    request.seed = options_.seed;
    request.find_idle_tests = true;
    request.deadline = options_.budget;
    request.project = verify::ProjectPlace{root_, source_.import_root};
    TG_ASSIGN(verify::MutationResult result, verify::score_mutants(sandbox_, request, stop_));
    if (!result.problem.empty()) {
      out_.report.omissions.push_back({"mutation score", result.problem});
    }
    out_.report.mutation.reset();
    if (!result.mutants.empty()) out_.report.mutation = std::move(result.score);
    out_.remarks.killing_nothing = std::move(result.idle_tests);
    return {};
  }

  void score() {
    model::ModuleReport& report = out_.report;
    report.quality = scoring::quality(strength_, report.coverage, report.mutation);
    whole_.set("tests.count", static_cast<std::int64_t>(report.tests_kept));
    whole_.set("quality", report.quality);
  }

  const AnalyzeContext& context_;
  const fs::path& file_;
  const TestIndex& tests_;
  const AnalyzeOptions& options_;
  Progress& progress_;
  const std::stop_token& stop_;
  base::SteadyTime start_;
  telemetry::Stage whole_;
  ObservedSandbox sandbox_;

  model::SourceFile source_;
  model::ModuleModel module_;
  lang::Runtime runtime_;
  std::vector<const IndexedTestFile*> about_;
  std::vector<fs::path> test_files_;
  fs::path root_;
  std::vector<fs::path> read_only_;
  verify::SuiteResult suite_;
  double strength_ = 0.0;  // share of the tests that assert something
  model::TestAnalysis out_;
};

}  // namespace

fs::path project_root(const fs::path& tests) {
  constexpr std::array<std::string_view, 6> kMarks{"pyproject.toml", "pytest.ini", "setup.cfg",
                                                   "setup.py",       "tox.ini",    ".git"};
  std::error_code ignored;
  for (fs::path folder = tests; folder.has_relative_path(); folder = folder.parent_path()) {
    for (const std::string_view mark : kMarks) {
      if (fs::exists(folder / mark, ignored)) return folder;
    }
  }
  const std::string name = tests.filename().string();
  const bool inside = name == "tests" || name == "test";
  return inside && tests.parent_path().has_relative_path() ? tests.parent_path() : tests;
}

base::Result<model::TestAnalysis> analyze_tests(const AnalyzeContext& context, const fs::path& file,
                                                const TestIndex& tests,
                                                const AnalyzeOptions& options, Progress& progress,
                                                const telemetry::SpanContext& parent,
                                                const std::stop_token& stop) {
  const auto analyzer =
      std::make_unique<TestAnalyzer>(context, file, tests, options, progress, parent, stop);
  return analyzer->run();
}

}  // namespace testgen::pipeline
