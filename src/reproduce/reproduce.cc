#include "reproduce/reproduce.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <set>

#include "analysis/python_model.h"
#include "analysis/syntax_tree.h"
#include "lang/language.h"
#include "lang/python/import_plan.h"
#include "model/test_case.h"
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
constexpr std::string_view kStopped = "the scan was stopped";

// One suspect on its way.
struct Case {
  std::optional<Sink> sink;
  std::string function;
  std::size_t first = 0;  // its attempts: [first, first + count)
  std::size_t count = 0;
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
    if (!attempts_.empty()) {
      TG_TRY(try_all());
      TG_TRY(verify_tests());
    }
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
    TG_ASSIGN(const analysis::SyntaxTree tree, analysis::parse_python(source_.text, clock_));
    TG_TRY(tree.check_syntax());
    const model::ModuleModel module = analysis::build_model(tree);
    cases_.resize(suspects_.size());
    for (std::size_t i = 0; i < suspects_.size(); ++i) {
      const Suspect& suspect = suspects_[i];
      const auto marker = marker_for(suspect.cwe);
      if (!marker) {
        out_.of[i].why_not = "it is no matter of what text is passed on";
        continue;
      }
      auto sink = find_sink(tree, module, plan_.alias, suspect.sink);
      if (!sink) {
        out_.of[i].why_not = sink.error().message;
        continue;
      }
      cases_[i].function = module.functions[sink->function].qualified_name;
      const auto source = suspect.source
                              ? find_source(tree, module, plan_.alias, *sink, *suspect.source)
                              : std::nullopt;
      auto attempts = attempts_for(module, plan_.alias, *sink, source, *marker);
      cases_[i].sink = *std::move(sink);
      if (attempts.empty()) {
        out_.of[i].why_not = cases_[i].function + "() has no parameter that takes text";
        continue;
      }
      const std::size_t room = kMostOfAFile - attempts_.size();
      if (attempts.size() > room) attempts.resize(room);
      if (attempts.empty()) out_.of[i].why_not = "the file has more findings than are tried";
      cases_[i].first = attempts_.size();
      cases_[i].count = attempts.size();
      std::move(attempts.begin(), attempts.end(), std::back_inserter(attempts_));
    }
    return {};
  }

  base::Status try_all() {
    std::vector<std::string> texts;
    for (const Attempt& attempt : attempts_) texts.push_back(body_of(attempt, false));
    ProbeRequest request;
    request.interpreter = runtime_.executable.string();
    request.read_only = read_only_;
    request.preamble = preamble_for(plan_, kRunFolder, modules_in(texts));
    request.attempts = &attempts_;
    TG_ASSIGN(const ProbeReply reply, probe(sandbox_, request, stop_));
    std::set<std::string> names;
    for (std::size_t i = 0; i < suspects_.size(); ++i) {
      const Case& one = cases_[i];
      if (one.count == 0) continue;
      const auto begin = reply.tried.begin() + static_cast<std::ptrdiff_t>(one.first);
      const auto end = begin + static_cast<std::ptrdiff_t>(one.count);
      const auto shown =
          std::find_if(begin, end, [](const Tried& tried) { return tried.found && !tried.ends; });
      if (shown == end) {
        out_.of[i].why_not = why_none(reply, {begin, end}, one.sink->callee);
        continue;
      }
      const Attempt& attempt = attempts_[static_cast<std::size_t>(shown - reply.tried.begin())];
      tests_.push_back(
          write_test(suspects_[i], one.function, one.sink->callee, attempt, *shown, names));
      out_.of[i].test = tests_.back().name;
    }
    return {};
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
    std::string out = "no call got as far as " + callee;
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
    TG_ASSIGN(const verify::Verification verified,
              verify::verify(
                  std::move(request), runners, [](double) {}, stop_));
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
  std::vector<Case> cases_;        // one for each suspect
  std::vector<Attempt> attempts_;  // of all of them
  std::vector<ReproducingTest> tests_;
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
