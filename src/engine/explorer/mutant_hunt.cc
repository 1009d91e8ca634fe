#include "engine/explorer/mutant_hunt.h"

#include <algorithm>

#include "engine/explorer/line_literals.h"
#include "engine/explorer/observation.h"
#include "engine/explorer/operand_match.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kTargets = 10;  // survivors of one function at a time
constexpr std::size_t kProgramsARound = 48;
constexpr std::size_t kParents = 24;
constexpr std::size_t kTestsAMutant = 28;
constexpr std::uint32_t kAttemptsALap = 5;  // at a mutant, before others have had as many

}  // namespace

MutantHunt::MutantHunt(Harness& harness, const Universe& universe, const model::ModuleModel& module,
                       Archive& archive, ProgramFactory& programs, MutantTrial& trial,
                       std::vector<PoolTest>& pool, base::Random& random, Budget& budget)
    : harness_(harness),
      universe_(universe),
      module_(module),
      archive_(archive),
      programs_(programs),
      trial_(trial),
      pool_(pool),
      random_(random),
      budget_(budget) {}

// Survivors of the function that has most of them for the attempts it has cost.
std::vector<std::size_t> MutantHunt::next_targets() {
  std::map<std::size_t, std::vector<std::size_t>> survivors;
  const auto& mutants = trial_.mutation().mutants;
  for (std::size_t i = 0; i < mutants.size(); ++i) {
    if (!trial_.tried(i) || trial_.killed(i)) continue;
    if (attempts_[i] >= lap_ * kAttemptsALap) continue;
    survivors[mutants[i].unit].push_back(i);
  }
  double best_score = 0;
  std::vector<std::size_t>* best = nullptr;
  std::size_t best_unit = 0;
  for (auto& [unit, list] : survivors) {
    double promise = 0;
    for (const std::size_t mutant : list) promise += 1.0 / (1.0 + attempts_[mutant]);
    // What runs at import is dear: every trial runs the whole file.
    if (trial_.at_import(list.front())) promise /= 4;
    const double score = std::min<double>(promise, kTargets) / (1.0 + unit_attempts_[unit]);
    if (score > best_score) {
      best_score = score;
      best = &list;
      best_unit = unit;
    }
  }
  if (best == nullptr) return {};
  ++unit_attempts_[best_unit];
  std::stable_sort(best->begin(), best->end(),
                   [this](std::size_t a, std::size_t b) { return attempts_[a] < attempts_[b]; });
  if (best->size() > kTargets) best->resize(kTargets);
  for (const std::size_t mutant : *best) ++attempts_[mutant];
  return *best;
}

// Programs that reach the targets: from the archive and from the pool.
void MutantHunt::gather_parents(const std::vector<std::size_t>& targets,
                                std::vector<TestProgram>& out) const {
  const auto reaches_one = [&](const std::vector<std::uint32_t>& goals) {
    return std::any_of(targets.begin(), targets.end(),
                       [&](std::size_t target) { return trial_.reaches(goals, target); });
  };
  std::vector<const TestProgram*> found;
  for (const std::size_t index : archive_.champions()) {
    const ArchiveEntry& entry = archive_.entry(index);
    if (entry.standing == Standing::Undocumented) continue;
    if (!universe_.callables[subject(entry.program)].wanted) continue;
    if (reaches_one(entry.result.goals)) found.push_back(&entry.program);
  }
  for (const PoolTest& test : pool_) {
    if (!test.member.program.statements.back().sweep.empty()) continue;
    if (reaches_one(test.member.goals)) found.push_back(&test.member.program);
  }
  while (found.size() > kParents) {
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(random_.below(found.size())));
  }
  for (const TestProgram* program : found) out.push_back(*program);
}

// What a mutant of the module's data changes shows with the words of that line, or with others
// that the module knows.
void MutantHunt::add_suggested(const std::vector<std::size_t>& targets,
                               const std::vector<TestProgram>& parents,
                               std::vector<TestProgram>& out) {
  for (const std::size_t target : targets) {
    if (!trial_.at_import(target)) continue;
    std::vector<Value> values = values_of_line(trial_.line_of(target), random_);
    for (int i = 0; i < 3 && !universe_.constants.empty(); ++i) {
      values.push_back(random_.pick(universe_.constants));
    }
    for (const Value& value : values) {
      for (int i = 0; i < 3; ++i) {
        TestProgram program = random_.pick(parents);
        std::vector<Value*> nodes;
        for (Statement& statement : program.statements) {
          for (Value& argument : statement.arguments) collect_nodes(argument, nodes);
        }
        std::erase_if(nodes, [&](const Value* node) { return node->kind != value.kind; });
        if (nodes.empty()) continue;
        *random_.pick(nodes) = value;
        out.push_back(std::move(program));
      }
    }
  }
}

// A boundary is moved by a mutant where the two operands meet: the programs are run once more
// with capture, and what stood on one side is put on the other.
base::Status MutantHunt::follow_operands(const std::vector<std::size_t>& targets,
                                         const std::vector<TestProgram>& parents,
                                         std::vector<TestProgram>& out) {
  std::set<std::uint32_t> lines;
  for (const std::size_t target : targets) {
    lines.insert(trial_.mutation().mutants[target].line);
  }
  std::vector<Candidate> candidates;
  std::vector<const TestProgram*> chosen;
  for (std::size_t i = 0; i < parents.size() && i < 6; ++i) {
    chosen.push_back(&parents[i]);
    candidates.push_back(render_program(parents[i], universe_).candidate());
  }
  if (candidates.empty()) return {};
  budget_.spend(candidates.size());
  TG_ASSIGN(const auto results, harness_.run(candidates, {.capture = true}));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    std::vector<Capture> near;
    for (const Capture& capture : results[i].captures) {
      if (capture.site >= module_.compare_sites.size()) continue;
      if (lines.contains(module_.compare_sites[capture.site].line)) near.push_back(capture);
    }
    if (!near.empty()) {
      const auto turn = static_cast<std::ptrdiff_t>(random_.below(near.size()));
      std::rotate(near.begin(), near.begin() + turn, near.end());
    }
    for (TestProgram& follower :
         substitute_operands(*chosen[i], near, module_.compare_sites, random_, 6)) {
      out.push_back(std::move(follower));
    }
  }
  return {};
}

base::Result<bool> MutantHunt::try_programs(const std::vector<std::size_t>& targets,
                                            std::vector<TestProgram> programs, double until) {
  std::vector<Candidate> candidates;
  std::vector<RenderedProgram> rendered;
  std::vector<TestProgram> fresh;
  for (TestProgram& program : programs) {
    if (fresh.size() >= kProgramsARound) break;
    RenderedProgram text = render_program(with_named_arguments(program), universe_);
    if (!seen_.insert(text.source()).second) continue;
    candidates.push_back(text.candidate());
    rendered.push_back(std::move(text));
    fresh.push_back(std::move(program));
  }
  if (fresh.empty()) return false;
  budget_.spend(candidates.size());
  TG_ASSIGN(const auto results, harness_.run(candidates, {.observe = true, .shared = true}));
  std::vector<PoolTest> tests;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const CandidateResult& result = results[i];
    const Archive::Gain gain = archive_.offer(fresh[i], result);
    if (!ended_in_act(result, rendered[i].lines.size())) continue;
    SuiteMember member{
        with_named_arguments(fresh[i]), archive_.standing_of(result), "", {}, result.goals};
    if (member.standing == Standing::Undocumented) continue;
    if (!universe_.callables[subject(fresh[i])].wanted) continue;
    member.signature = signature_of(result);
    auto test = test_of(member, rendered[i], result, universe_);
    if (!test) continue;
    PoolTest entry{std::move(member), *std::move(test), {}, false};
    if (gain.new_goal) entry.member.owned = result.goals;
    tests.push_back(std::move(entry));
  }
  // The plain ones first: the first to notice is the one that is kept.
  std::stable_sort(tests.begin(), tests.end(), [&](const PoolTest& a, const PoolTest& b) {
    return cost_of(a.member, universe_) < cost_of(b.member, universe_);
  });
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < tests.size() && all.size() < kTestsAMutant; ++i) all.push_back(i);
  TG_TRY(trial_.try_tests(tests, all, targets, true, until));
  bool noticed = false;
  for (PoolTest& test : tests) {
    noticed |= !test.kills.empty();
    if (!test.kills.empty() || !test.member.owned.empty()) {
      test.member.owned.clear();
      pool_.push_back(std::move(test));
    }
  }
  return noticed;
}

base::Status MutantHunt::run(double until, const std::stop_token& stop) {
  while (!stop.stop_requested() && budget_.used() < until) {
    const auto targets = next_targets();
    if (targets.empty()) {
      // What is left may be equivalent: another lap only when this one found something. A later
      // call begins one in any case.
      ++lap_;
      if (!noticed_) break;
      noticed_ = false;
      continue;
    }
    std::vector<TestProgram> parents;
    gather_parents(targets, parents);
    std::vector<TestProgram> programs;
    const bool first = attempts_[targets.front()] == 1;
    if (first) {
      for (const TestProgram& parent : parents) {
        if (auto recording = programs_.with_recorders(parent)) {
          programs.push_back(*std::move(recording));
        }
      }
      programs.insert(programs.end(), parents.begin(), parents.end());
    }
    if (!parents.empty()) add_suggested(targets, parents, programs);
    if (first || random_.chance(0.3)) TG_TRY(follow_operands(targets, parents, programs));
    for (int i = 0; !parents.empty() && programs.size() < 2 * kProgramsARound && i < 400; ++i) {
      programs.push_back(programs_.mutate(random_.pick(parents)));
    }
    TG_ASSIGN(const bool noticed, try_programs(targets, std::move(programs), until));
    noticed_ |= noticed;
  }
  return {};
}

}  // namespace testgen::engine
