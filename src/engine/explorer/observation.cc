#include "engine/explorer/observation.h"

#include <algorithm>
#include <utility>

#include "engine/explorer/assertions.h"

namespace testgen::engine {
namespace {

// Few enough that what one test leaves behind is felt by few; module state is checked anyway.
constexpr std::size_t kTestsAProcess = 16;

bool same_facts(const Fact& a, const Fact& b) {
  return a.expression == b.expression && a.kind == b.kind && a.literal == b.literal;
}

std::string_view ending_of(CandidateOutcome outcome) {
  switch (outcome) {
    case CandidateOutcome::OutOfFuel:
      return "went on for ever";
    case CandidateOutcome::TimedOut:
      return "took too long";
    case CandidateOutcome::Crashed:
      return "took its process down";
    case CandidateOutcome::Broken:
      return "was not valid Python";
    default:
      return "was not reached";
  }
}

std::string reason_for(const CandidateResult& result, bool same) {
  if (!same) return "a call behaves differently from run to run";
  if (result.outcome != CandidateOutcome::Discarded)
    return "a call " + std::string(ending_of(result.outcome)) + " when it was run again";
  if (result.shape == "module state")
    return "a call changes the module's own state for later tests";
  if (result.shape == "the interpreter") return "a call breaks what its interpreter stands on";
  if (result.shape == "stdin") return "a call reads standard input";
  return "a call leaves its process: " + result.shape;
}

bool usable(const CandidateResult& result) {
  return result.outcome == CandidateOutcome::Passed || result.outcome == CandidateOutcome::Raised;
}

bool agree(const CandidateResult& a, const CandidateResult& b) {
  return a.outcome == b.outcome && a.exception.type == b.exception.type &&
         a.exception.line == b.exception.line;
}

// The first result, less what the others did not see.
CandidateResult common_part(const std::vector<CandidateResult>& seen) {
  CandidateResult out = seen.front();
  for (const CandidateResult& other : seen) {
    if (other.exception.message != out.exception.message) out.exception.message.clear();
    std::erase_if(out.facts, [&](const Fact& fact) {
      return std::none_of(other.facts.begin(), other.facts.end(),
                          [&](const Fact& f) { return same_facts(f, fact); });
    });
  }
  return out;
}

// Arguments that no assertion is about stand in the call again.
void drop_names(TestProgram& program, model::TestCase& test, const RenderedProgram& rendered,
                const Universe& universe) {
  std::uint64_t kept = 0;
  for (const NamedArgument& argument : rendered.arguments) {
    if (std::any_of(test.assertions.begin(), test.assertions.end(),
                    [&](const auto& each) { return holds_word(each.expression, argument.name); })) {
      kept |= argument.bit;
    }
  }
  if (std::exchange(program.named_arguments, kept) == kept) return;
  test.statements = render_program(program, universe).lines;
}

}  // namespace

std::optional<model::TestCase> test_of(SuiteMember& member, const RenderedProgram& program,
                                       const CandidateResult& result, const Universe& universe) {
  model::TestCase test;
  test.function = universe.callables[subject(member.program)].qualified_name;
  test.statements = program.lines;
  test.definitions = program.definitions;
  test.fixtures = program.fixtures;
  test.goals = result.goals;
  if (program.has_result) test.result_name = program.watch.front();
  if (result.outcome == CandidateOutcome::Raised) {
    test.exception =
        expected_exception(result.exception, member.standing == Standing::DocumentedException);
    drop_names(member.program, test, program, universe);
    return test;
  }
  test.assertions = assertions_of(result.facts, program, universe.alias);
  if (test.assertions.empty()) return std::nullopt;
  drop_names(member.program, test, program, universe);
  return test;
}

void drop_idle_names(PoolTest& test, const Universe& universe) {
  const TestProgram& program = test.member.program;
  if (program.named_arguments == 0) return;
  drop_names(test.member.program, test.test, render_program(program, universe), universe);
}

base::Result<Observations> observe(const std::vector<SuiteMember>& members,
                                   const Universe& universe,
                                   const std::vector<Harness*>& environments) {
  Observations out;
  for (std::size_t begin = 0; begin < members.size(); begin += kTestsAProcess) {
    const std::size_t count = std::min(kTestsAProcess, members.size() - begin);
    std::vector<SuiteMember> some(members.begin() + static_cast<std::ptrdiff_t>(begin),
                                  members.begin() + static_cast<std::ptrdiff_t>(begin + count));
    std::vector<RenderedProgram> programs;
    std::vector<Candidate> candidates;
    for (SuiteMember& member : some) {
      member.program = with_named_arguments(std::move(member.program));
      programs.push_back(render_program(member.program, universe));
      candidates.push_back(programs.back().candidate());
    }
    std::vector<std::vector<CandidateResult>> seen(count);
    for (Harness* harness : environments) {
      TG_ASSIGN(auto results, harness->run(candidates, {.observe = true}));
      for (std::size_t i = 0; i < count; ++i) seen[i].push_back(std::move(results[i]));
    }
    for (std::size_t i = 0; i < count; ++i) {
      SuiteMember& member = some[i];
      const CandidateResult& first = seen[i].front();
      const std::string& name = universe.callables[subject(member.program)].qualified_name;
      const bool same = std::all_of(seen[i].begin(), seen[i].end(),
                                    [&](const CandidateResult& r) { return agree(first, r); });
      if (!same || !usable(first)) {
        out.omissions.push_back({name, reason_for(first, same)});
        continue;
      }
      auto test = test_of(member, programs[i], common_part(seen[i]), universe);
      if (!test) {
        out.omissions.push_back({name, "a call gave nothing stable to assert"});
        continue;
      }
      PoolTest entry{std::move(member), *std::move(test), {}, environments.size() > 1};
      entry.member.goals = first.goals;
      out.tests.push_back(std::move(entry));
      out.members.push_back(begin + i);
    }
  }
  return out;
}

}  // namespace testgen::engine
