#include "pipeline/ask_model.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "emit/python_suite.h"
#include "engine/llm/conversation.h"
#include "pipeline/gaps.h"
#include "pipeline/neighbours.h"
#include "pipeline/observed_calls.h"
#include "pipeline/sendable.h"
#include "pipeline/survivors.h"
#include "telemetry/stage.h"

namespace testgen::pipeline {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// For the mutants of one look at them: a share of what is left, within these.
constexpr int kShareForMutants = 4;
constexpr milliseconds kLeastMutantTime{5'000};
constexpr milliseconds kMostMutantTime{30'000};
constexpr milliseconds kRunTime{20'000};
constexpr std::size_t kMostSeeds = 200;

const model::FunctionModel* find_function(const model::ModuleModel& module,
                                          const std::string& name) {
  const auto found =
      std::find_if(module.functions.begin(), module.functions.end(),
                   [&](const auto& function) { return function.qualified_name == name; });
  return found == module.functions.end() ? nullptr : &*found;
}

// "def test_a(x):" → "def test_a(self, x):".
std::string with_self(const std::string& text, const std::string& name) {
  const std::string head = "def " + name + "(";
  const std::size_t at = text.find(head);
  if (at == std::string::npos) return text;
  const std::size_t open = at + head.size();
  const std::size_t next = text.find_first_not_of(" \n", open);
  const bool empty = next != std::string::npos && text[next] == ')';
  return text.substr(0, open) + (empty ? "self" : "self, ") + text.substr(open);
}

std::string renamed(const std::string& text, const std::string& from, const std::string& to) {
  const std::string head = "def " + from + "(";
  const std::size_t at = text.find(head);
  if (at == std::string::npos) return text;
  return text.substr(0, at) + "def " + to + "(" + text.substr(at + head.size());
}

class Asking final : public llm::Judge {
 public:
  Asking(const AskParts& parts, const ModelOptions& options, const telemetry::SpanContext& parent,
         verify::Verification& verification)
      : parts_(parts),
        options_(options),
        verification_(verification),
        calls_(parts.telemetry, parent, options.client->spending(), options.record),
        gaps_(*parts.subject.module, parts.source.text, verification.coverage),
        survivors_(parts.subject.module->mutation, parts.kills),
        deadline_(parts.clock.steady_now() + options.time) {
    for (const auto& test : verification.kept) {
      if (test.verbatim) names_.insert(test.name);
    }
  }

  base::Result<Asked> run() {
    TG_TRY(learn_missing());
    llm::ConversationOptions how;
    how.attempts = options_.attempts;
    how.max_output_tokens = options_.max_output_tokens;
    how.payer = options_.payer;
    how.seed = parts_.seed;
    how.deadline = deadline_;
    how.redact = without_secrets;
    how.tell_failures = parts_.tell_failures;
    const Neighbours neighbours(parts_.source, parts_.subject, options_, parts_.clock);
    if (options_.look_up != LookUpReach::Off) {
      how.look_up = [&neighbours](std::string_view symbol) { return neighbours.find(symbol); };
    }
    const auto wanted = gaps_.functions(parts_.symbols, survivors_.alive());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (parts_.stop.stop_requested()) break;
      const llm::Gap gap = remaining(wanted[i]);  // tests of another function may have closed it
      if (gap.empty()) continue;
      if (parts_.clock.steady_now() >= deadline_) {
        out_.omissions.push_back({gap.function, "there was no time left to ask the model"});
        continue;
      }
      parts_.progress(static_cast<double>(i) / static_cast<double>(wanted.size()));
      ++out_.functions;
      if (!talk(gap, how)) break;
    }
    TG_TRY(join(taken_));
    count();
    return std::move(out_);
  }

  base::Result<std::vector<llm::Judgement>> judge(
      const llm::Gap& gap, const std::vector<llm::ProposedTest>& tests) override {
    std::vector<model::TestCase> cases;
    std::vector<std::string> names;
    for (const llm::ProposedTest& test : tests) {
      cases.push_back(case_of(gap, test));
      names.push_back(cases.back().name);
      if (out_.seeds.size() < kMostSeeds) out_.seeds.push_back(cases.back());
    }
    TG_ASSIGN(verify::Verification passed, parts_.verify(cases));
    std::vector<llm::Judgement> out;
    for (const std::string& name : names) {
      const auto dropped =
          std::find_if(passed.dropped.begin(), passed.dropped.end(),
                       [&](const model::Omission& omission) { return omission.subject == name; });
      const bool failed = dropped != passed.dropped.end() || !holds(passed.kept, name);
      out.push_back({failed ? llm::Standing::Failed : llm::Standing::AddsNothing,
                     dropped == passed.dropped.end() ? "" : dropped->reason});
    }
    TG_ASSIGN(const std::set<std::string> useful, choose(gap, passed.kept));
    for (model::TestCase& test : passed.kept) {
      if (!useful.contains(test.name)) continue;
      const auto at = std::find(names.begin(), names.end(), test.name) - names.begin();
      out[static_cast<std::size_t>(at)].standing = llm::Standing::Kept;
      names_.insert(test.name);
      taken_.push_back(std::move(test));
    }
    return out;
  }

  base::Result<std::string> failure_of(const llm::ProposedTest& test) override {
    const model::TestCase one = case_of({}, test);
    verify::RunReport report;
    TG_TRY(run_alone(one, report));
    for (const auto& [id, item] : report.items) {
      if (!item.passed) return item.problem.empty() ? std::string("it failed") : item.problem;
      return std::string();
    }
    return report.problem.empty() ? std::string("it did not run") : report.problem;
  }

  llm::Gap remaining(const llm::Gap& gap) override {
    const model::FunctionModel* function = find_function(*parts_.subject.module, gap.function);
    return function == nullptr ? llm::Gap{} : gaps_.of(*function, survivors_.alive());
  }

 private:
  static bool holds(const std::vector<model::TestCase>& tests, const std::string& name) {
    return std::any_of(tests.begin(), tests.end(),
                       [&](const auto& test) { return test.name == name; });
  }

  // Which lines can run is known from a run that only imports the module, when no test is kept.
  base::Status learn_missing() {
    if (!verification_.coverage) {
      verify::RunReport report;
      const auto suite = parts_.render(verification_.kept, model::SuiteLayout::AsEmitted);
      const auto ran = parts_.runners.run_fresh(request(suite.text), report);
      if (ran && report.coverage) {
        gaps_ = Gaps(*parts_.subject.module, parts_.source.text, report.coverage);
      }
    }
    return survivors_.learn(verification_.kept, mutant_time());
  }

  [[nodiscard]] milliseconds mutant_time() const {
    const auto left = duration_cast<milliseconds>(deadline_ - parts_.clock.steady_now());
    return std::clamp(left / kShareForMutants, kLeastMutantTime, kMostMutantTime);
  }

  // False when asking further makes no sense.
  bool talk(const llm::Gap& gap, const llm::ConversationOptions& how) {
    llm::ConversationResult result;
    const base::Status talked = llm::converse(parts_.subject, gap, *options_.client, *this, how,
                                              calls_, parts_.clock, parts_.stop, result);
    out_.use.proposed += result.proposed;
    out_.use.observed += result.observed;
    if (!result.provider.empty()) {
      out_.use.provider = result.provider;
      out_.use.model = result.model;
    }
    for (const llm::Rejection& rejection : result.rejected) {
      out_.omissions.push_back({rejection.test, "from the model: " + rejection.reason});
    }
    if (talked) return true;
    out_.omissions.push_back(
        {gap.function, "the model could not be asked: " + describe(talked.error())});
    // Another function may still have its reply, unless nobody answers or nothing is left to spend.
    return talked.error().code == base::ErrorCode::NotFound;
  }

  model::TestCase case_of(const llm::Gap& gap, const llm::ProposedTest& proposed) {
    const std::string& function = gap.function.empty()
                                      ? parts_.subject.module->functions.front().qualified_name
                                      : gap.function;
    model::TestCase test;
    test.function = function;
    test.name = proposed.name;
    for (int n = 2; names_.contains(test.name); ++n) {
      test.name = proposed.name + "_" + std::to_string(n);
    }
    test.definitions = proposed.helpers;
    model::Verbatim& text = test.verbatim.emplace();
    text.text = renamed(proposed.text, proposed.name, test.name);
    text.rows = proposed.rows;
    text.modules = proposed.modules;
    const bool unittest = parts_.subject.framework == model::Framework::Unittest;
    if (unittest || function.find('.') != std::string::npos) {
      text.class_name = emit::test_class_name(function);
      text.text = with_self(text.text, test.name);
    }
    auto hash = parts_.units.find(function);
    if (hash == parts_.units.end())
      hash = parts_.units.find(function.substr(0, function.find('.')));
    if (hash != parts_.units.end()) text.unit_hash = hash->second;
    return test;
  }

  [[nodiscard]] verify::RunRequest request(const std::string& text) const {
    verify::RunRequest run;
    run.file_name = parts_.file_name;
    run.text = text;
    run.a_test = milliseconds(2'000);
    run.limit = kRunTime;
    return run;
  }

  base::Status run_alone(const model::TestCase& test, verify::RunReport& report) {
    const auto suite = parts_.render({test}, model::SuiteLayout::AsEmitted);
    const auto ran = parts_.runners.run_hostile(0, request(suite.text), report);
    // A runner that a test took down is replaced at the next run.
    if (!ran && ran.error().code != base::ErrorCode::Unavailable) return ran;
    return {};
  }

  // Of tests that pass, those that add something; each is measured by itself.
  base::Result<std::set<std::string>> choose(const llm::Gap& gap,
                                             const std::vector<model::TestCase>& tests) {
    std::set<std::string> out;
    std::vector<model::TestCase> adding;
    std::vector<model::TestCase> idle;
    std::set<std::uint32_t> lines;
    for (const model::TestCase& test : tests) {
      verify::RunReport report;
      const auto suite = parts_.render({test}, model::SuiteLayout::AsEmitted);
      const auto ran = parts_.runners.run_fresh(request(suite.text), report);
      if (!ran && ran.error().code != base::ErrorCode::Unavailable) return ran.error();
      if (!report.coverage || !reaches(gap, *report.coverage)) continue;
      lines.insert(report.coverage->covered_lines.begin(), report.coverage->covered_lines.end());
      const bool adds = gaps_.add(*report.coverage);
      (adds ? adding : idle).push_back(test);
      if (adds) out.insert(test.name);
    }
    // Kills of those that are in already count before those of the others.
    TG_TRY(survivors_.add(adding, lines, mutant_time()));
    std::vector<model::TestCase> there = verification_.kept;
    there.insert(there.end(), taken_.begin(), taken_.end());
    there.insert(there.end(), adding.begin(), adding.end());
    TG_ASSIGN(const std::set<std::string> killers,
              survivors_.add_killers(idle, lines, there, mutant_time()));
    out.insert(killers.begin(), killers.end());
    return out;
  }

  // Whether the unit itself ran: a line of it beyond its head.
  [[nodiscard]] bool reaches(const llm::Gap& gap, const model::Coverage& coverage) const {
    const model::FunctionModel* function = find_function(*parts_.subject.module, gap.function);
    if (function == nullptr || function->last_line == function->first_line) return true;
    return std::any_of(coverage.covered_lines.begin(), coverage.covered_lines.end(),
                       [&](std::uint32_t line) {
                         return line > function->first_line && line <= function->last_line;
                       });
  }

  // All together in one file, as it will be written. Tests that disturb those that are there are
  // told apart from the others by halves.
  base::Status join(std::vector<model::TestCase> tests) {
    if (tests.empty()) return {};
    std::vector<model::TestCase> together = verification_.kept;
    together.insert(together.end(), tests.begin(), tests.end());
    TG_ASSIGN(verify::Verification all, parts_.verify_openly(std::move(together)));
    const auto is_new = [&](const model::TestCase& test) {
      return test.verbatim && holds(tests, test.name);
    };
    const auto stayed = std::count_if(all.kept.begin(), all.kept.end(), is_new);
    if (all.kept.size() - static_cast<std::size_t>(stayed) >= verification_.kept.size()) {
      for (const model::TestCase& test : all.kept) {
        if (is_new(test)) out_.kept_names.insert(test.name);
      }
      for (const model::Omission& omission : all.dropped) {
        out_.omissions.push_back({omission.subject, "from the model: " + omission.reason});
      }
      all.dropped = std::move(verification_.dropped);
      verification_ = std::move(all);
      return {};
    }
    const bool over = parts_.stop.stop_requested() || parts_.clock.steady_now() >= deadline_;
    if (tests.size() == 1 || over) {
      for (const model::TestCase& test : tests) {
        out_.omissions.push_back({test.name, "from the model: it disturbs tests that were there"});
      }
      return {};
    }
    const auto middle = tests.begin() + static_cast<std::ptrdiff_t>(tests.size() / 2);
    std::vector<model::TestCase> rest(middle, tests.end());
    tests.erase(middle, tests.end());
    TG_TRY(join(std::move(tests)));
    return join(std::move(rest));
  }

  void count() {
    out_.use.kept = static_cast<std::uint32_t>(out_.kept_names.size());
    out_.use.observed = std::min(out_.use.observed, out_.use.kept);
    out_.use.tokens = calls_.tokens();
    out_.use.dollars = calls_.dollars();
    const telemetry::Metrics& metrics = parts_.telemetry.metrics();
    const std::string& model = out_.use.model;
    if (model.empty()) return;
    const std::uint32_t proposed = std::max(out_.use.proposed, out_.use.kept);
    metrics.llm_proposals_total.with(model, "kept").add(out_.use.kept);
    metrics.llm_proposals_total.with(model, "rejected").add(proposed - out_.use.kept);
  }

  const AskParts& parts_;
  const ModelOptions& options_;
  verify::Verification& verification_;
  ObservedCalls calls_;
  Gaps gaps_;
  Survivors survivors_;
  base::SteadyTime deadline_;
  std::set<std::string> names_;         // taken, at the file's level
  std::vector<model::TestCase> taken_;  // of the model
  Asked out_;
};

}  // namespace

base::Result<Asked> ask_model(const AskParts& parts, const ModelOptions& options,
                              const telemetry::SpanContext& parent,
                              verify::Verification& verification) {
  const std::string pattern = denied_by(parts.source.path, options.never_send);
  if (!pattern.empty()) {
    Asked out;
    out.omissions.push_back(
        {parts.source.path.filename().string(), "its code is not sent to a model: " + pattern});
    return out;
  }
  return Asking(parts, options, parent, verification).run();
}

std::string preview_requests(const llm::Subject& subject, const std::vector<std::string>& symbols,
                             const ModelOptions& options) {
  llm::ConversationOptions how;
  how.max_output_tokens = options.max_output_tokens;
  how.redact = without_secrets;
  if (options.look_up != LookUpReach::Off) {
    how.look_up = [](std::string_view) { return llm::LookedUp{}; };
  }
  std::string out;
  for (const llm::Gap& gap :
       Gaps(*subject.module, subject.source, std::nullopt).functions(symbols, {})) {
    const llm::ChatRequest request = llm::first_request(subject, gap, how);
    out += "--- " + gap.function + ", system\n" + request.system;
    for (const llm::Tool& tool : request.tools) {
      out += "--- " + gap.function + ", tool\n" + tool.name + "(" + tool.parameter +
             "): " + tool.description + "\n" + tool.parameter + ": " + tool.parameter_description +
             "\n";
    }
    out += "--- " + gap.function + ", user\n" + request.messages.front().text;
  }
  return out;
}

}  // namespace testgen::pipeline
