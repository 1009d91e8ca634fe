#include "reproduce/reproduce.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "analysis/analysis.h"
#include "analysis/python_model.h"
#include "analysis/syntax_tree.h"
#include "engine/explorer/reach.h"
#include "lang/language.h"
#include "lang/python/import_plan.h"
#include "model/test_case.h"
#include "reproduce/aim.h"
#include "reproduce/attempts.h"
#include "reproduce/probe.h"
#include "reproduce/test_file.h"
#include "source/loader.h"
#include "verify/verifier.h"

namespace testgen::reproduce {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kVerifyTime{60};
// All attempts of one file run in one probe; what is over is said to be.
constexpr std::size_t kMostOfAFile = 240;
constexpr std::size_t kFewest = 8;  // of one finding
constexpr std::string_view kStopped = "the scan was stopped";
constexpr std::string_view kNoCall = "no call got as far as ";
constexpr std::string_view kNoCallWithIt = "no call with that text got as far as ";
// Parts of the work on a file, as far as progress is concerned.
constexpr double kPlanned = 0.05;
constexpr double kGuessed = 0.3;
constexpr double kSearched = 0.6;

// One suspect on its way.
struct Case {
  std::optional<Sink> sink;
  std::optional<Marker> marker;
  std::string function;
  std::vector<Attempt> attempts;  // to be tried next
};

class Work {
 public:
  Work(sandbox::Sandbox& sandbox, const base::Clock& clock, lang::RuntimeCache& runtimes,
       const std::vector<Suspect>& suspects, const Options& options, const std::stop_token& stop)
      : sandbox_(sandbox),
        clock_(clock),
        runtimes_(runtimes),
        suspects_(suspects),
        options_(options),
        stop_(stop) {}

  base::Result<FileTests> run(const fs::path& file) {
    out_.of.resize(suspects_.size());
    TG_TRY(load(file));
    TG_TRY(plan_attempts());
    options_.progress(kPlanned);
    TG_TRY(try_all());
    options_.progress(kGuessed);
    search();
    options_.progress(kSearched);
    TG_TRY(try_all());
    TG_TRY(verify_tests());
    return std::move(out_);
  }

 private:
  base::Status load(const fs::path& file) {
    TG_ASSIGN(source_, source::load(file));
    const lang::Language* language = lang::find_language(source_.language);
    if (language == nullptr) {
      return base::Error{base::ErrorCode::Unsupported,
                         "findings in " + source_.language + " are not reproduced yet",
                         "Python is supported"};
    }
    language->locate(source_);
    auto request = lang::RuntimeRequest::from_environment();
    request.explicit_path = options_.interpreter;
    request.project = source_.path;
    TG_ASSIGN(runtime_, runtimes_.find(*language, request, clock_));
    plan_ = lang::python::plan_import(source_, runtime_);
    // Names that tests use themselves.
    if (plan_.alias == "sink" || plan_.alias == "contextlib") plan_.alias += "_module";
    read_only_ = runtime_.read_only_paths;
    read_only_.push_back(source_.import_root);
    return {};
  }

  base::Status plan_attempts() {
    TG_ASSIGN(tree_, analysis::parse_python(source_.text, clock_));
    TG_TRY(tree_.check_syntax());
    module_ = analysis::build_model(tree_);
    cases_.resize(suspects_.size());
    for (std::size_t i = 0; i < suspects_.size(); ++i) {
      const Suspect& suspect = suspects_[i];
      Case& one = cases_[i];
      one.marker = marker_for(suspect.cwe);
      if (!one.marker) {
        out_.of[i].why_not = "it is no matter of what text is passed on";
        continue;
      }
      auto sink = find_sink(tree_, module_, plan_.alias, suspect.sink);
      if (!sink) {
        out_.of[i].why_not = sink.error().message;
        continue;
      }
      one.function = module_.functions[sink->function].qualified_name;
      one.sink = *std::move(sink);
      const auto source = suspect.source
                              ? find_source(tree_, module_, plan_.alias, *one.sink, *suspect.source)
                              : std::nullopt;
      std::vector<World> worlds;
      if (suspect.source && !source) {
        worlds = worlds_of(tree_, suspect.input, *suspect.source, tree_.text(one.sink->call),
                           *one.marker);
      }
      one.attempts = attempts_for(module_, plan_.alias, *one.sink, source, worlds, *one.marker);
      if (one.attempts.empty()) {
        out_.of[i].why_not = one.function + "() has no parameter that takes text";
      }
    }
    return {};
  }

  // Runs what is to be tried of all suspects, and writes a test of what was shown.
  base::Status try_all() {
    std::vector<Attempt> attempts;
    std::vector<std::pair<std::size_t, std::size_t>> ranges;  // by case: first, count
    const auto open = static_cast<std::size_t>(std::count_if(
        cases_.begin(), cases_.end(), [](const Case& one) { return !one.attempts.empty(); }));
    // None is left out for the sake of another, as long as there is room for a few of each.
    const std::size_t share = std::max(kFewest, kMostOfAFile / std::max<std::size_t>(open, 1));
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      auto own = std::exchange(cases_[i].attempts, {});
      const std::size_t room = std::min(share, kMostOfAFile - attempts.size());
      if (own.size() > room) {
        own.resize(room);
        if (room == 0) out_.of[i].why_not = "the file has more findings than are tried";
      }
      ranges.emplace_back(attempts.size(), own.size());
      std::move(own.begin(), own.end(), std::back_inserter(attempts));
    }
    if (attempts.empty()) return {};
    std::vector<std::string> texts;
    for (const Attempt& attempt : attempts) texts.push_back(body_of(attempt));
    ProbeRequest request;
    request.interpreter = runtime_.executable.string();
    request.read_only = read_only_;
    request.preamble = preamble_for(plan_, kRunFolder, modules_in(texts));
    request.attempts = &attempts;
    TG_ASSIGN(const ProbeReply reply, probe(sandbox_, request, stop_));
    importable_ = reply.problem.empty();
    for (std::size_t i = 0; i < suspects_.size(); ++i) {
      if (ranges[i].second == 0) continue;
      const Case& one = cases_[i];
      const auto begin = reply.tried.begin() + static_cast<std::ptrdiff_t>(ranges[i].first);
      const auto end = begin + static_cast<std::ptrdiff_t>(ranges[i].second);
      const auto shown =
          std::find_if(begin, end, [](const Tried& tried) { return tried.found && !tried.ends; });
      if (shown == end) {
        // What was found out first is about calls that a person would think of.
        if (out_.of[i].why_not.empty()) {
          out_.of[i].why_not = why_none(reply, {begin, end}, one.sink->callee);
        }
        continue;
      }
      const Attempt& attempt = attempts[static_cast<std::size_t>(shown - reply.tried.begin())];
      tests_.push_back(
          write_test(suspects_[i], one.function, one.sink->callee, attempt, *shown, names_));
      out_.of[i].test = tests_.back().name;
      out_.of[i].why_not.clear();
    }
    return {};
  }

  // Whether a call from outside can bring anything to the function.
  [[nodiscard]] bool is_fed(const Sink& sink) const {
    const model::FunctionModel& function = module_.functions[sink.function];
    const std::string& name = function.name == "__init__" ? function.class_name : function.name;
    return !function.parameters.empty() ||
           std::any_of(module_.functions.begin(), module_.functions.end(), [&](const auto& other) {
             return std::find(other.called_names.begin(), other.called_names.end(), name) !=
                    other.called_names.end();
           });
  }

  // Lets the explorer look for calls that get there, where guesses did not. It is a help and never
  // needed: what goes wrong leaves things as they are.
  void search() {
    if (!importable_ || stop_.stop_requested()) return;
    std::vector<std::size_t> open;
    std::vector<AimedSink> sinks;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      if (!cases_[i].sink || !out_.of[i].test.empty() || !is_fed(*cases_[i].sink)) continue;
      open.push_back(i);
      sinks.push_back({&*cases_[i].sink, &*cases_[i].marker});
    }
    if (open.empty()) return;
    AimedText aimed = aim(tree_, sinks);
    model::SourceFile source = source_;
    source.text = std::move(aimed.text);
    auto module = analysis::analyze(source, clock_);
    if (!module) return;
    engine::ReachRequest request;
    request.module = &*module;
    request.plan = plan_;
    request.interpreter = runtime_.executable.string();
    request.read_only = read_only_;
    std::vector<std::size_t> aimed_at;
    for (std::size_t k = 0; k < open.size(); ++k) {
      const Case& one = cases_[open[k]];
      if (aimed.probes[k].empty()) continue;
      aimed_at.push_back(open[k]);
      request.targets.push_back({aimed.probes[k], one.function, one.marker->value});
    }
    if (request.targets.empty()) return;
    const auto reached = engine::reach(request, sandbox_, clock_, stop_);
    if (!reached) return;
    for (std::size_t k = 0; k < aimed_at.size(); ++k) {
      Case& one = cases_[aimed_at[k]];
      for (const engine::ReachingCall& call : (*reached)[k].calls) {
        auto more = attempts_of(module_, plan_.alias, *one.sink, *one.marker, call);
        std::move(more.begin(), more.end(), std::back_inserter(one.attempts));
      }
      std::string& why = out_.of[aimed_at[k]].why_not;
      if ((*reached)[k].touched && why.starts_with(kNoCall)) {
        why.replace(0, kNoCall.size(), kNoCallWithIt);
      }
    }
  }

  // What kept the marker from the sink, of all that was tried.
  [[nodiscard]] std::string why_none(const ProbeReply& reply, const std::vector<Tried>& tried,
                                     const std::string& callee) const {
    if (stop_.stop_requested()) return std::string(kStopped);
    if (!reply.problem.empty()) return "the module cannot be imported: " + reply.problem;
    const auto any = [&](const auto& holds) {
      return std::any_of(tried.begin(), tried.end(), holds);
    };
    if (any([](const Tried& one) { return one.found.has_value(); })) {
      return "a call that reaches " + callee + " ends its process";
    }
    if (any([](const Tried& one) { return one.calls > 0; })) {
      return callee + " was called, but the text that was passed in did not arrive as it was";
    }
    if (!any([](const Tried& one) { return one.ran; })) return "the calls ended their process";
    const auto raised = std::find_if(tried.begin(), tried.end(),
                                     [](const Tried& one) { return !one.raised.empty(); });
    std::string out = std::string(kNoCall) + callee;
    if (raised != tried.end()) out += "; the first that failed: " + raised->raised;
    return out;
  }

  [[nodiscard]] model::RenderedSuite suite(const std::vector<model::TestCase>& kept,
                                           const fs::path& folder) const {
    std::vector<ReproducingTest> tests;
    for (const model::TestCase& test : kept) {
      const auto found = std::find_if(tests_.begin(), tests_.end(),
                                      [&](const auto& one) { return one.name == test.name; });
      if (found != tests_.end()) tests.push_back(*found);
    }
    return render(plan_, folder, tests);
  }

  base::Status verify_tests() {
    if (tests_.empty()) return {};
    verify::VerifyRequest request;
    request.file_name = file_name(plan_);
    request.render = [this](const auto& kept, const fs::path& folder, model::SuiteLayout) {
      return suite(kept, folder);
    };
    for (const ReproducingTest& test : tests_) {
      model::TestCase& one = request.tests.emplace_back();
      one.name = test.name;
      one.assertions.emplace_back();  // each has one, in its text
    }
    request.deadline = clock_.steady_now() + kVerifyTime;
    verify::WarmRunners runners(sandbox_, {runtime_.executable.string(), read_only_,
                                           model::Framework::Pytest, source_.path});
    TG_ASSIGN(
        const verify::Verification verified,
        verify::verify(
            std::move(request), runners,
            [this](double part) { options_.progress(kSearched + (1 - kSearched) * part); }, stop_));
    for (Reproduction& one : out_.of) {
      if (one.test.empty()) continue;
      const auto dropped = std::find_if(verified.dropped.begin(), verified.dropped.end(),
                                        [&](const auto& test) { return test.subject == one.test; });
      if (dropped == verified.dropped.end()) continue;
      one.why_not = "its test " + dropped->reason;
      one.test.clear();
    }
    if (verified.kept.empty()) return {};
    out_.file_name = file_name(plan_);
    out_.file_kind = file_kind(plan_);
    out_.text = suite(verified.kept, fs::absolute(options_.output)).text;
    return {};
  }

  sandbox::Sandbox& sandbox_;
  const base::Clock& clock_;
  lang::RuntimeCache& runtimes_;
  const std::vector<Suspect>& suspects_;
  const Options& options_;
  const std::stop_token& stop_;
  model::SourceFile source_;
  lang::Runtime runtime_;
  model::ImportPlan plan_;
  std::vector<fs::path> read_only_;
  analysis::SyntaxTree tree_;
  model::ModuleModel module_;
  bool importable_ = true;
  std::vector<Case> cases_;  // one for each suspect
  std::vector<ReproducingTest> tests_;
  std::set<std::string> names_;  // of them
  FileTests out_;
};

}  // namespace

bool Reproducer::is_about_text(std::uint32_t cwe) {
  return marker_for(cwe).has_value();
}

base::Result<FileTests> Reproducer::reproduce(const fs::path& file,
                                              const std::vector<Suspect>& suspects,
                                              const Options& options,
                                              const std::stop_token& stop) const {
  return Work(sandbox_, clock_, runtimes_, suspects, options, stop).run(file);
}

}  // namespace testgen::reproduce
