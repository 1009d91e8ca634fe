#include "pipeline/pipeline.h"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/analysis.h"
#include "analysis/mutants.h"
#include "base/file_system.h"
#include "base/strings.h"
#include "emit/python_fixtures.h"
#include "emit/python_suite.h"
#include "engine/explorer/explorer.h"
#include "engine/traced/trace_run.h"
#include "lang/language.h"
#include "lang/python/import_plan.h"
#include "model/asked.h"
#include "pipeline/analyze.h"
#include "pipeline/ask_model.h"
#include "pipeline/asked.h"
#include "pipeline/earlier_tests.h"
#include "pipeline/hidden_files.h"
#include "pipeline/module_order.h"
#include "pipeline/note_tests.h"
#include "pipeline/observed_sandbox.h"
#include "pipeline/record_module.h"
#include "pipeline/reserve.h"
#include "pipeline/seeded_search.h"
#include "pipeline/time_shares.h"
#include "pipeline/visible_conftests.h"
#include "scoring/score.h"
#include "source/loader.h"
#include "telemetry/stage.h"
#include "verify/mutation_score.h"
#include "verify/verifier.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Keeps the scored sample of mutants apart from anything else drawn with the seed.
constexpr std::uint64_t kScoringSeed = 0x5c07e;
constexpr milliseconds kLeastComparisonTime{1'000};  // with less left nothing is compared
constexpr std::size_t kScoringSample = 150;
// When the number of executions decides and not the clock.
constexpr milliseconds kUnhurried{120'000};
constexpr milliseconds kLeastSecondSearch{1'000};  // with less left it does not begin

void append(const std::vector<model::Omission>& some, std::vector<model::Omission>& all) {
  all.insert(all.end(), some.begin(), some.end());
}

const char* engine_name(Engine engine) {
  return engine == Engine::Model ? "llm" : engine == Engine::Auto ? "auto" : "explorer";
}

// What the steps hand on. Each step is a method that fills its own part; see Generation::run.
class Generation {
 public:
  Generation(const fs::path& file, const GenerateOptions& options, Progress& progress,
             sandbox::Sandbox& sandbox, telemetry::Telemetry& telemetry, const base::Clock& clock,
             lang::RuntimeCache& runtimes, OwnTests& own_tests,
             const telemetry::SpanContext& parent, const std::stop_token& stop)
      : file_(file),
        options_(options),
        progress_(progress),
        telemetry_(telemetry),
        clock_(clock),
        runtimes_(runtimes),
        own_tests_(own_tests),
        stop_(stop),
        start_(clock.steady_now()),
        whole_(telemetry, parent, "generate", "generate_tests"),
        sandbox_(sandbox, telemetry, whole_.context()) {
    whole_.set("file.path", file.string());
  }

  base::Result<model::ModuleReport> run() {
    auto result = steps();
    if (!result) whole_.fail(result.error());
    return result;
  }

 private:
  base::Result<model::ModuleReport> steps() {
    TG_TRY(step("load", 0.00, [&](auto& stage) { return load(stage); }));
    TG_TRY(step("analyze", 0.02, [&](auto& stage) { return analyze(stage); }));
    TG_TRY(step("learn", 0.03, [&](auto& stage) { return learn(stage); }));
    TG_TRY(step("propose", 0.05, [&](auto& stage) { return propose(stage); }));
    TG_TRY(step("verify", 0.65, [&](auto& stage) { return verify(stage); }));
    if (options_.model.engine != Engine::Explorer) {
      TG_TRY(step("ask", 0.97, [&](auto& stage) { return ask(stage); }));
    }
    TG_TRY(step("score", 0.97, [&](auto& stage) { return score(stage); }));
    TG_TRY(step("emit", 0.98, [&](auto& stage) { return emit(stage); }));
    TG_TRY(step("record", 0.99, [&](auto& stage) { return record(stage); }));
    progress_.update(report_.module_name, "done", 1.0);
    return std::move(report_);
  }

  template <class Work>
  base::Status step(std::string_view name, double fraction, const Work& work) {
    telemetry::Stage stage(telemetry_, whole_.context(), name);
    progress_.update(shown_name(), name, fraction);
    base::Status status = work(stage);
    if (!status) stage.fail(status.error());
    return status;
  }

  [[nodiscard]] std::string shown_name() const {
    return report_.module_name.empty() ? file_.filename().string() : report_.module_name;
  }

  base::Status load(telemetry::Stage& stage) {
    TG_ASSIGN(source_, source::load(file_));
    const lang::Language* language = lang::find_language(source_.language);
    if (language == nullptr) {
      return base::Error{base::ErrorCode::Unsupported,
                         "tests for " + source_.language + " are not generated yet",
                         "Python is supported"};
    }
    language->locate(source_);
    auto request = lang::RuntimeRequest::from_environment();
    request.explicit_path = options_.interpreter;
    request.project = source_.path;
    request.needs_runner = options_.framework == model::Framework::Pytest;
    TG_ASSIGN(runtime_, runtimes_.find(*language, request, clock_));
    plan_ = lang::python::plan_import(source_, runtime_);
    report_.source_path = file_.string();
    report_.module_name = source_.module_name;
    report_.language = source_.language;
    report_.interpreter = runtime_.executable.string();
    report_.source_bytes = source_.text.size();
    whole_.set("file.language", source_.language);
    stage.set("file.size", static_cast<std::int64_t>(source_.text.size()));
    stage.set("runtime.version", runtime_.version);
    read_only_ = runtime_.read_only_paths;
    read_only_.push_back(source_.import_root);
    return {};
  }

  base::Status analyze(telemetry::Stage& stage) {
    TG_ASSIGN(module_, analysis::analyze(source_, clock_));
    stage.set("functions.count", static_cast<std::int64_t>(module_.functions.size()));
    stage.set("goals.count", static_cast<std::int64_t>(module_.goals.size()));
    if (module_.functions.empty() && module_.classes.empty()) {
      return base::Error{base::ErrorCode::NothingToDo,
                         source_.path.string() + " defines no function or class", ""};
    }
    find_conftests();
    units_ = emit::unit_hashes(source_.text, module_);
    earlier_ =
        earlier_tests(output_folder(), emit::suite_file_name(plan_), plan_, options_.framework);
    stage.set("earlier_tests.count", static_cast<std::int64_t>(earlier_.size()));
    runners_.emplace(sandbox_, runners_setup({}));
    return {};
  }

  [[nodiscard]] verify::RunnersSetup runners_setup(std::vector<fs::path> hidden) const {
    return {runtime_.executable.string(), read_only_, options_.framework, source_.path,
            std::move(hidden)};
  }

  // A module that is loaded from its file is another one than that which a conftest.py imports.
  [[nodiscard]] bool takes_fixtures() const {
    return options_.framework == model::Framework::Pytest && !plan_.by_path;
  }

  // Where the new tests will see the project's fixtures.
  void find_conftests() {
    if (!takes_fixtures()) return;
    conftests_ = {visible_conftests(output_folder(), project_root(source_.import_root)),
                  source_.import_root};
    for (const fs::path& file : conftests_.files) read_only_.push_back(file.parent_path());
    if (defines(conftests_.files, plan_.alias)) plan_.alias += "_module";
  }

  // What the project's own tests show of the module. They are a help and never needed: tests that
  // hang or fail cost their part of the budget and no more.
  base::Status learn(telemetry::Stage& stage) {
    if (stop_.stop_requested()) return {};
    const bool installed = plan_.search_path.empty();
    const TestsOfModule tests = own_tests_.about(source_, installed, clock_);
    stage.set("tests.files", static_cast<std::int64_t>(tests.files.size()));
    if (tests.files.empty()) return {};
    engine::TraceRequest request = one_run_of(
        tests, options_.max_executions > 0 ? std::nullopt : std::optional(options_.budget));
    request.interpreter = runtime_.executable.string();
    request.read_only.insert(request.read_only.end(), read_only_.begin(), read_only_.end());
    request.import_root = source_.import_root;
    request.module = &module_;
    request.plan = plan_;
    if (auto traced = engine::trace_tests(sandbox_, request, stop_)) traced_ = *std::move(traced);
    if (!takes_fixtures()) traced_.fixtures.clear();
    report_.omissions = leave_out_of_reach(traced_.fixtures, conftests_.files, output_folder());
    stage.set("calls.count", static_cast<std::int64_t>(traced_.calls.size()));
    stage.set("fixtures.count", static_cast<std::int64_t>(traced_.fixtures.size()));
    return {};
  }

  [[nodiscard]] engine::ExplorerRequest explorer_request() const {
    engine::ExplorerRequest request;
    request.traced = &traced_;
    request.conftests = conftests_.files;
    request.module = &module_;
    request.plan = plan_;
    request.interpreter = runtime_.executable.string();
    request.read_only = read_only_;
    request.symbols = options_.symbols;
    request.seed = options_.seed;
    return request;
  }

  base::Status propose(telemetry::Stage& stage) {
    if (options_.model.engine == Engine::Model) {
      report_.functions_total = count_functions();
      return {};
    }
    engine::ExplorerRequest request = explorer_request();
    request.budget = engine_time(options_.budget, !earlier_.empty());
    request.max_executions = options_.max_executions;
    const auto on_progress = [&](std::string_view name, double fraction) {
      const double base = name == "search"     ? 0.05 + 0.5 * fraction
                          : name == "minimise" ? 0.55
                          : name == "observe"  ? 0.6
                                               : 0.05;
      progress_.update(shown_name(), name, base);
    };
    TG_ASSIGN(exploration_, engine::explore(request, sandbox_, clock_, on_progress, stop_));
    plan_.blocked = exploration_.blocked;
    report_.executions = exploration_.executions;
    report_.functions_total = exploration_.functions_total;
    append(exploration_.omissions, report_.omissions);
    report_.suspicions = exploration_.suspicions;
    stage.set("executions.count", static_cast<std::int64_t>(exploration_.executions));
    stage.set("tests.count", static_cast<std::int64_t>(exploration_.tests.size()));
    return {};
  }

  base::Status verify(telemetry::Stage& stage) {
    Renewal renewal = renew(std::move(earlier_), std::move(exploration_.tests), units_, module_,
                            options_.symbols);
    report_.retired = std::move(renewal.retired);
    reserve_ = std::move(renewal.reserve);
    const auto on_progress = [&](double part) {
      progress_.update(shown_name(), "verify", 0.65 + 0.32 * part);
    };
    const milliseconds until = reserve_.empty() ? verified_until(options_.budget)
                                                : standing_tests_verified_until(options_.budget);
    TG_ASSIGN(verification_, verify_tests(*runners_, renewal.tests, until, on_progress));
    const auto stale = note_stale(renewal.tests);
    if (!reserve_.empty()) TG_TRY(complete(stale));
    stage.set("tests.kept", static_cast<std::int64_t>(verification_.kept.size()));
    stage.set("tests.dropped", static_cast<std::int64_t>(verification_.dropped.size()));
    return {};
  }

  // When some of the tests ask for something: what a conftest.py does is no matter to others.
  model::Conftests conftests_of(const std::vector<model::TestCase>& tests) {
    const bool asked = std::any_of(tests.begin(), tests.end(), emit::asks_the_project);
    return asked ? conftests_ : model::Conftests{};
  }

  // It ends when `until` of the budget is gone; without one it takes what it needs.
  base::Result<verify::Verification> verify_tests(verify::WarmRunners& runners,
                                                  std::vector<model::TestCase> tests,
                                                  std::optional<milliseconds> until,
                                                  const std::function<void(double)>& progress) {
    sort_by_module_order(tests, module_);
    const auto conftests = conftests_of(tests);
    auto without = tests;
    std::erase_if(without, emit::asks_the_project);
    TG_ASSIGN(auto verified, verify_with(runners, conftests, std::move(tests), until, progress));
    // Fixtures that cannot be had here must not take the other tests with them.
    const bool lost = verified.kept.empty() && !conftests.files.empty();
    if (!lost || stop_.stop_requested()) return verified;
    TG_ASSIGN(auto again, verify_with(runners, {}, std::move(without), until, progress));
    append(verified.dropped, again.dropped);
    return again;
  }

  base::Result<verify::Verification> verify_with(verify::WarmRunners& runners,
                                                 model::Conftests conftests,
                                                 std::vector<model::TestCase> tests,
                                                 std::optional<milliseconds> until,
                                                 const std::function<void(double)>& progress) {
    verify::VerifyRequest request;
    request.file_name = emit::suite_file_name(plan_);
    request.render = [this](const std::vector<model::TestCase>& cases, const fs::path& folder,
                            model::SuiteLayout layout) {
      return emit::render_suite(suite_context(folder), cases, layout);
    };
    request.conftests = std::move(conftests);
    if (!plan_.by_path) request.module = plan_.module_name;
    request.source = plan_.source_path;
    request.tests = std::move(tests);
    request.goals = &module_.goals;
    if (options_.max_executions == 0 && until) request.deadline = start_ + *until;
    return verify::verify(std::move(request), runners, progress, stop_);
  }

  // Earlier tests that do not pass any more are told as such, and their functions returned.
  std::set<std::string> note_stale(const std::vector<model::TestCase>& offered) {
    std::set<std::string> out;
    for (const auto& [function, tests] : stale_functions(offered, verification_.kept)) {
      out.insert(function);
      report_.retired.push_back({function, tests, model::RetiredTests::Reason::Stale});
    }
    if (out.empty()) return out;
    std::erase_if(verification_.dropped, [&](const model::Omission& omission) {
      return std::any_of(offered.begin(), offered.end(), [&](const auto& test) {
        return test.verbatim && test.name == omission.subject;
      });
    });
    return out;
  }

  // Earlier tests that stay may leave something out, and some have gone: then new tests of the
  // same functions are taken.
  base::Status complete(const std::set<std::string>& stale) {
    const milliseconds until = verified_until(options_.budget);
    const auto left = duration_cast<milliseconds>(start_ + until - clock_.steady_now());
    const bool enough = options_.max_executions != 0 || left >= kLeastComparisonTime;
    return take_from_reserve(reserve_parts(until), reserve_, stale,
                             enough ? std::optional(left / 3) : std::nullopt, verification_);
  }

  [[nodiscard]] ReserveParts reserve_parts(std::optional<milliseconds> until) {
    return {
        .module = module_,
        .render =
            [this](const auto& tests, const fs::path& folder, model::SuiteLayout layout) {
              return emit::render_suite(suite_context(folder), tests, layout);
            },
        .verify =
            [this, until](auto tests) {
              return verify_tests(*runners_, std::move(tests), until, [](double) {});
            },
        .kills = [this](const auto& suite, const auto& mutation, std::size_t sample,
                        milliseconds limit) { return kills_of(suite, mutation, sample, limit); },
        .stop = stop_};
  }

  // A module of installed code has no project around it.
  [[nodiscard]] HiddenFiles hidden_files() const {
    if (plan_.search_path.empty()) return {};
    std::vector<fs::path> more;
    for (const fs::path& file : conftests_.files) more.push_back(file.parent_path());
    HiddenFiles out = find_hidden(source_, runtime_, more, options_.model.never_send, clock_);
    if (!out.files.empty() && !sandbox_.hides()) out = {.files = {}, .complete = false};
    return out;
  }

  // What no test shows yet goes to a model.
  base::Status ask(telemetry::Stage& stage) {
    const base::SteadyTime begin = clock_.steady_now();
    const HiddenFiles hidden = hidden_files();
    std::optional<verify::WarmRunners> covered;
    if (!hidden.files.empty()) covered.emplace(sandbox_, runners_setup(hidden.files));
    verify::WarmRunners& runners = covered ? *covered : *runners_;
    const auto verify_by = [this](verify::WarmRunners& which) {
      return [this, &which](auto tests) {
        return verify_tests(which, std::move(tests), std::nullopt, [](double) {});
      };
    };
    const AskParts parts{
        .source = source_,
        .subject = {&module_, &plan_, source_.text, options_.framework},
        .units = units_,
        .symbols = options_.symbols,
        .seed = options_.seed,
        .file_name = emit::suite_file_name(plan_),
        .runners = runners,
        .tell_failures = hidden.complete,
        .render =
            [this](const auto& tests, model::SuiteLayout layout) {
              return emit::render_suite(suite_context("/tmp/run"), tests, layout);
            },
        .verify = verify_by(runners),
        .verify_openly = verify_by(*runners_),
        .kills =
            [this](const auto& tests, model::SuiteLayout layout, const auto& mutation,
                   std::size_t sample, milliseconds limit) {
              const auto suite = [&](const fs::path& folder) {
                return emit::render_suite(suite_context(folder), tests, layout);
              };
              return kills_of(suite, mutation, sample, limit);
            },
        .telemetry = telemetry_,
        .clock = clock_,
        .stop = stop_,
        .progress = [this](double) { progress_.update(shown_name(), "ask", 0.97); }};
    TG_ASSIGN(Asked asked, ask_model(parts, options_.model, stage.context(), verification_));
    report_.model_use = std::move(asked.use);
    append(asked.omissions, report_.omissions);
    by_model_ = std::move(asked.kept_names);
    if (options_.model.engine == Engine::Auto) {
      TG_TRY(search_again(asked.seeds, begin + options_.model.time, stage));
    }
    stage.set("functions.count", static_cast<std::int64_t>(asked.functions));
    stage.set("tests.kept", static_cast<std::int64_t>(by_model_.size()));
    stage.set("tests.rejected", static_cast<std::int64_t>(asked.omissions.size()));
    return {};
  }

  // The values and calls of a model's tests are where the search goes on, for a quarter of what it
  // had and within the model's time. It is a help and never needed.
  base::Status search_again(const std::vector<model::TestCase>& seeds, base::SteadyTime until,
                            telemetry::Stage& stage) {
    const bool counted = options_.max_executions != 0;
    const auto time = std::min<milliseconds>(
        options_.budget / 4, duration_cast<milliseconds>(until - clock_.steady_now()));
    if (seeds.empty() || stop_.stop_requested() || (!counted && time < kLeastSecondSearch)) {
      return {};
    }
    engine::ExplorerRequest request = explorer_request();
    request.budget = time;
    request.max_executions = counted ? std::max<std::uint64_t>(1, options_.max_executions / 4) : 0;
    const auto render = [&](const fs::path& folder) {
      return emit::render_suite(suite_context(folder), seeds, model::SuiteLayout::AsEmitted);
    };
    TG_ASSIGN(engine::Exploration more,
              search_from_seeds(sandbox_, clock_, std::move(request), source_.import_root,
                                emit::suite_file_name(plan_), render, stop_));
    report_.executions += more.executions;
    stage.set("executions.count", static_cast<std::int64_t>(more.executions));
    return take_from_reserve(reserve_parts(std::nullopt), more.tests, {}, time, verification_);
  }

  base::Status score(telemetry::Stage& stage) {
    if (!verification_.kept.empty() && !stop_.stop_requested()) {
      // Tests that were proven are not lost because they could not be scored.
      if (const base::Status scored = try_mutants(); !scored) {
        report_.omissions.push_back({"mutation score", scored.error().message});
      }
    }
    note_tests(verification_, module_, options_.symbols, by_model_, report_);
    report_.quality =
        scoring::quality(scoring::strength(verification_.kept), report_.coverage, report_.mutation);
    stage.set("quality", report_.quality);
    return {};
  }

  // Mutants of another sample, and with other operators, than those the search aimed at.
  base::Status try_mutants() {
    TG_ASSIGN(model::Mutation mutation, analysis::find_scoring_mutants(source_, clock_));
    // Functions that nobody asked for are not held against the suite.
    std::erase_if(mutation.mutants, [&](const auto& mutant) {
      return !model::is_asked(mutant.function, options_.symbols);
    });
    const auto left = start_ + options_.budget - clock_.steady_now();
    TG_ASSIGN(
        verify::MutationResult result,
        kills_of(suite_of(verification_.kept), mutation, kScoringSample,
                 std::max(duration_cast<milliseconds>(left), least_score_time(options_.budget))));
    if (result.score.mutants_run > 0 || result.problem.empty()) {
      report_.mutation = std::move(result.score);
    } else {
      report_.omissions.push_back({"mutation score", result.problem});
    }
    return {};
  }

  [[nodiscard]] RenderIn suite_of(const std::vector<model::TestCase>& tests) const {
    return [this, &tests](const fs::path& folder) {
      return emit::render_suite(suite_context(folder), tests, model::SuiteLayout::AsEmitted);
    };
  }

  // What a test file does to a sample of the mutants; it is rendered for the place it runs in.
  base::Result<verify::MutationResult> kills_of(const RenderIn& suite,
                                                const model::Mutation& mutation, std::size_t sample,
                                                milliseconds limit) {
    TG_ASSIGN(const base::TempDir folder, base::TempDir::create("testgen-score"));
    verify::MutationRequest request;
    request.interpreter = runtime_.executable.string();
    request.read_only = read_only_;
    request.folder = folder.path();
    request.test_files = {folder.path() / emit::suite_file_name(plan_)};
    request.source = source_.path;
    request.module_name = source_.module_name;
    request.conftests = conftests_of(verification_.kept);
    if (request.conftests.files.empty()) request.conftests = conftests_of(reserve_);
    request.mutation = &mutation;
    request.seed = options_.seed + kScoringSeed;
    request.sample = sample;
    request.deadline = options_.max_executions == 0 ? limit : kUnhurried;
    TG_TRY(base::write_file_atomic(request.test_files[0], suite(folder.path()).text));
    return verify::score_mutants(sandbox_, request, stop_);
  }

  [[nodiscard]] std::uint32_t count_functions() const {
    return static_cast<std::uint32_t>(std::count_if(
        module_.functions.begin(), module_.functions.end(), [this](const auto& function) {
          return model::is_asked(function.qualified_name, options_.symbols);
        }));
  }

  [[nodiscard]] fs::path output_folder() const {
    return options_.output.empty() ? source_.import_root / "tests" : fs::absolute(options_.output);
  }

  [[nodiscard]] emit::SuiteContext suite_context(const fs::path& folder) const {
    return {plan_,
            folder,
            options_.tool_version,
            options_.seed,
            options_.framework,
            &module_,
            units_,
            engine_name(options_.model.engine)};
  }

  base::Status emit(telemetry::Stage&) {
    if (verification_.kept.empty()) {
      if (!report_.retired.empty()) {
        report_.retired.clear();
        report_.omissions.push_back(
            {emit::suite_file_name(plan_),
             "it stays as it was, as no test was kept to replace its tests"});
      }
      return {};
    }
    report_.files.push_back(
        {emit::suite_file_name(plan_), suite_of(verification_.kept)(output_folder()).text});
    return {};
  }

  base::Status record(telemetry::Stage&) {
    report_.elapsed = duration_cast<milliseconds>(clock_.steady_now() - start_);
    record_module(telemetry_, report_, options_.model, whole_.context());
    whole_.set("tests.count", static_cast<std::int64_t>(report_.tests_kept));
    whole_.span().succeed();
    return {};
  }

  const fs::path& file_;
  const GenerateOptions& options_;
  Progress& progress_;
  telemetry::Telemetry& telemetry_;
  const base::Clock& clock_;
  lang::RuntimeCache& runtimes_;
  OwnTests& own_tests_;
  const std::stop_token& stop_;
  base::SteadyTime start_;
  telemetry::Stage whole_;
  ObservedSandbox sandbox_;

  model::SourceFile source_;
  lang::Runtime runtime_;
  model::ImportPlan plan_;
  std::vector<fs::path> read_only_;
  std::optional<verify::WarmRunners> runners_;  // wait while the search runs
  model::ModuleModel module_;
  std::map<std::string, std::string> units_;  // hashes, by qualified name
  model::Conftests conftests_;                // that count for the new tests
  model::TracedTests traced_;
  std::vector<model::TestCase> earlier_;  // of the file that is there
  engine::Exploration exploration_;
  std::vector<model::TestCase> reserve_;  // new tests that are not needed so far
  verify::Verification verification_;
  std::set<std::string> by_model_;  // names of the tests of a model that stay
  model::ModuleReport report_;
};

}  // namespace

Pipeline::Pipeline(sandbox::Sandbox& sandbox, telemetry::Telemetry& telemetry,
                   const base::Clock& clock)
    : sandbox_(sandbox), telemetry_(telemetry), clock_(clock) {}

base::Result<model::ModuleReport> Pipeline::generate(const fs::path& file,
                                                     const GenerateOptions& options,
                                                     Progress& progress,
                                                     const telemetry::SpanContext& parent,
                                                     std::stop_token stop) const {
  return Generation(file, options, progress, sandbox_, telemetry_, clock_, runtimes_, own_tests_,
                    parent, stop)
      .run();
}

base::Result<Together> Pipeline::run_together(const TogetherRequest& request,
                                              std::stop_token stop) const {
  return pipeline::run_together(sandbox_, runtimes_, clock_, request, stop);
}

}  // namespace testgen::pipeline
