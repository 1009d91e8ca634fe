#include "engine/explorer/reach.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/random.h"
#include "engine/explorer/archive.h"
#include "engine/explorer/budget.h"
#include "engine/explorer/changed_values.h"
#include "engine/explorer/harness.h"
#include "engine/explorer/search.h"
#include "engine/explorer/suite.h"
#include "engine/explorer/universe.h"

namespace testgen::engine {
namespace {

constexpr std::uint32_t kNoGoal = static_cast<std::uint32_t>(-1);
constexpr int kCallersAbove = 3;            // how far from the place a call may begin
constexpr std::size_t kMostHandedOver = 8;  // programs that get the text put in, for a target
constexpr std::size_t kNodes = 20;          // of a value
constexpr int kShrinkRounds = 12;
constexpr std::size_t kMostCalls = 4;
constexpr std::size_t kLongestText = 400;

// One target on its way.
struct Aim {
  std::uint32_t arrived = kNoGoal;  // reached when the text got there
  std::uint32_t other = kNoGoal;    // when something else did
  std::set<std::size_t> handed;     // entries that had the text put in
};

class Reaching {
 public:
  Reaching(const ReachRequest& request, Harness& harness, Universe& universe,
           const base::Clock& clock, const std::stop_token& stop)
      : request_(request),
        harness_(harness),
        universe_(universe),
        clock_(clock),
        stop_(stop),
        random_(request.seed),
        budget_(clock, request.longest, request.executions),
        archive_(request.module->goals.size(), {}, universe) {
    for (const ReachTarget& target : request.targets) aims_.push_back(aim_at(target));
  }

  base::Result<std::vector<Reached>> run() {
    choose_callables();
    Search search(harness_, universe_, *request_.module, archive_, random_, budget_);
    std::stop_source enough;
    const std::stop_callback forward(stop_, [&] { enough.request_stop(); });
    const base::SteadyTime end = clock_.steady_now() + request_.longest;
    base::Status handed;
    const auto searched = search.run(1.0, enough.get_token(), [&](double) {
      handed = hand_over();
      if (!handed || all_arrived() || clock_.steady_now() >= end) enough.request_stop();
    });
    if (!searched && searched.error().code != base::ErrorCode::Cancelled) return searched.error();
    if (!handed) return handed.error();
    std::vector<Reached> out(aims_.size());
    for (std::size_t i = 0; i < aims_.size(); ++i) {
      if (!stop_.stop_requested()) TG_TRY(shrink(aims_[i]));
      out[i] = {touched(aims_[i]), calls_of(aims_[i])};
    }
    return out;
  }

 private:
  Aim aim_at(const ReachTarget& target) const {
    Aim out;
    const auto& goals = request_.module->goals;
    for (std::uint32_t goal = 0; goal < goals.size(); ++goal) {
      if (goals[goal].function != target.probe) continue;
      if (goals[goal].kind == model::GoalKind::BranchTrue) out.arrived = goal;
      if (goals[goal].kind == model::GoalKind::BranchFalse) out.other = goal;
    }
    return out;
  }

  [[nodiscard]] bool is_probe(const Callable& callable) const {
    return std::any_of(request_.targets.begin(), request_.targets.end(),
                       [&](const ReachTarget& target) { return target.probe == callable.name; });
  }

  // Calls begin at the functions around the places and at those that call them.
  void choose_callables() {
    std::set<std::string> names;  // by which what leads there is called
    for (Callable& callable : universe_.callables) {
      callable.wanted =
          !callable.is_foreign &&
          std::any_of(request_.targets.begin(), request_.targets.end(),
                      [&](const auto& one) { return one.within == callable.qualified_name; });
      if (callable.wanted) names.insert(callable.name);
      if (is_probe(callable)) callable.usable = false;
    }
    // Names that no test calls, __helper, have callers all the same.
    for (const ReachTarget& target : request_.targets) {
      names.insert(target.within.substr(target.within.rfind('.') + 1));
    }
    for (int level = 0; level < kCallersAbove; ++level) {
      std::set<std::string> more;
      for (const model::FunctionModel& function : request_.module->functions) {
        const bool calls = std::any_of(function.called_names.begin(), function.called_names.end(),
                                       [&](const auto& name) { return names.contains(name); });
        if (!calls) continue;
        more.insert(function.name == "__init__" ? function.class_name : function.name);
        const std::size_t index = universe_.find(function.qualified_name);
        if (index != Universe::npos && !universe_.callables[index].is_foreign) {
          universe_.callables[index].wanted = true;
        }
      }
      names.insert(more.begin(), more.end());
    }
  }

  [[nodiscard]] bool arrived(const Aim& aim) const {
    return aim.arrived != kNoGoal && archive_.best(aim.arrived) != nullptr;
  }
  [[nodiscard]] bool touched(const Aim& aim) const {
    return arrived(aim) || (aim.other != kNoGoal && archive_.best(aim.other) != nullptr);
  }
  [[nodiscard]] bool all_arrived() const {
    return std::all_of(aims_.begin(), aims_.end(), [this](const Aim& aim) { return arrived(aim); });
  }

  base::Status offer(const std::vector<TestProgram>& programs) {
    for (std::size_t begin = 0; begin < programs.size(); begin += Harness::kBatch) {
      const std::size_t end = std::min(begin + Harness::kBatch, programs.size());
      std::vector<Candidate> candidates;
      for (std::size_t i = begin; i < end; ++i) {
        candidates.push_back(render_program(programs[i], universe_).candidate());
      }
      budget_.spend(candidates.size());
      TG_ASSIGN(const auto results, harness_.run(candidates, {}));
      for (std::size_t i = begin; i < end; ++i) archive_.offer(programs[i], results[i - begin]);
    }
    return {};
  }

  // Calls that got there with something else get the text put into each of their own texts.
  base::Status hand_over() {
    for (std::size_t i = 0; i < aims_.size(); ++i) {
      Aim& aim = aims_[i];
      if (arrived(aim) || aim.other == kNoGoal) continue;
      const std::vector<std::size_t> there = archive_.reaching(aim.other);
      for (const std::size_t index : there) {
        if (aim.handed.size() >= kMostHandedOver || !aim.handed.insert(index).second) continue;
        TG_TRY(offer(with_text(archive_.entry(index).program, request_.targets[i].text)));
        if (arrived(aim)) break;
      }
    }
    return {};
  }

  static std::vector<TestProgram> with_text(const TestProgram& program, const std::string& text) {
    std::vector<TestProgram> out;
    for (std::size_t way = 0; way < 4; ++way) {
      const auto change = [&](const Value& value) -> std::optional<Value> {
        if (value.kind != ValueKind::String && value.kind != ValueKind::Bytes) return std::nullopt;
        if (value.text.size() > kLongestText) return std::nullopt;
        Value changed = value;
        const std::size_t at = way == 1 ? value.text.size() : way == 2 ? 0 : value.text.size() / 2;
        if (way == 0) {
          changed.text = text;
        } else if (at == 0 || (static_cast<unsigned char>(value.text[at - 1]) & 0x80U) == 0) {
          changed.text.insert(at, text);
        } else {
          return std::nullopt;  // not into the middle of a character
        }
        return changed;
      };
      for (std::size_t s = 0; s < program.statements.size(); ++s) {
        if (program.statements[s].kind == Statement::Kind::Arrange) continue;
        change_values(program, s, kNodes, change, Harness::kBatch, out);
      }
    }
    return out;
  }

  // The archive keeps what is plainer.
  base::Status shrink(const Aim& aim) {
    if (!arrived(aim)) return {};
    for (int round = 0; round < kShrinkRounds; ++round) {
      const ArchiveEntry before = *archive_.best(aim.arrived);
      TG_TRY(offer(smaller_variants(before.program, universe_)));
      if (archive_.best(aim.arrived)->weight >= before.weight) break;
    }
    return {};
  }

  [[nodiscard]] std::vector<ReachingCall> calls_of(const Aim& aim) const {
    std::vector<ReachingCall> out;
    if (!arrived(aim)) return out;
    std::vector<const ArchiveEntry*> entries{archive_.best(aim.arrived)};
    for (const std::size_t index : archive_.reaching(aim.arrived)) {
      entries.push_back(&archive_.entry(index));
    }
    std::stable_sort(entries.begin() + 1, entries.end(),
                     [](const auto* a, const auto* b) { return a->weight < b->weight; });
    std::set<std::string> seen;
    for (const ArchiveEntry* entry : entries) {
      if (out.size() >= kMostCalls || is_probe(universe_.callables[subject(entry->program)]))
        continue;
      const RenderedProgram rendered = render_program(entry->program, universe_);
      // What a runner would have to hand in is no part of a call.
      if (!rendered.fixtures.empty() || !seen.insert(rendered.source()).second) continue;
      out.push_back(call_of(entry->program, rendered));
    }
    return out;
  }

  [[nodiscard]] ReachingCall call_of(const TestProgram& program,
                                     const RenderedProgram& rendered) const {
    ReachingCall out;
    const Statement& act = program.statements.back();
    const Callable& callable = universe_.callables[act.callable];
    out.function = callable.qualified_name;
    for (std::size_t i = 0; i < act.arguments.size(); ++i) {
      const bool named = i < callable.parameters.size() &&
                         callable.parameters[i].kind != model::ParameterKind::VarPositional;
      if (named && out.more.empty()) {
        out.arguments.emplace_back(callable.parameters[i].name, render(act.arguments[i]));
      } else {
        out.more.push_back(render(act.arguments[i]));
      }
    }
    for (const auto& [name, value] : act.keywords) out.arguments.emplace_back(name, render(value));
    out.before.assign(rendered.lines.begin(), rendered.lines.end() - 1);
    out.definitions = rendered.definitions;
    out.call = rendered.lines.back();
    if (rendered.has_result) out.call.erase(0, rendered.watch.front().size() + 3);
    if (callable.kind == CallableKind::Method) out.receiver = receiver_in(out.call, callable.name);
    return out;
  }

  // "cart" of `list(cart.items(3))`.
  static std::string receiver_in(const std::string& call, const std::string& method) {
    const std::size_t end = call.find("." + method + "(");
    if (end == std::string::npos) return {};
    std::size_t begin = end;
    const auto is_word = [](char c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    while (begin > 0 && is_word(call[begin - 1])) --begin;
    const bool whole = begin == 0 || call[begin - 1] != '.';
    return whole ? call.substr(begin, end - begin) : std::string();
  }

  const ReachRequest& request_;
  Harness& harness_;
  Universe& universe_;
  const base::Clock& clock_;
  const std::stop_token& stop_;
  base::Random random_;
  Budget budget_;
  Archive archive_;
  std::vector<Aim> aims_;  // one for each target
};

}  // namespace

base::Result<std::vector<Reached>> reach(const ReachRequest& request, sandbox::Sandbox& sandbox,
                                         const base::Clock& clock, const std::stop_token& stop) {
  HarnessSetup setup;
  setup.interpreter = request.interpreter;
  setup.read_only = request.read_only;
  setup.module = request.module;
  setup.plan = request.plan;
  setup.lifetime = request.longest + std::chrono::seconds(60);
  TG_ASSIGN(auto harness, Harness::start(sandbox, setup, stop));
  Universe universe = build_universe(*request.module, harness->symbols(), request.plan.alias);
  if (universe.callables.empty()) return std::vector<Reached>(request.targets.size());
  return Reaching(request, *harness, universe, clock, stop).run();
}

}  // namespace testgen::engine
