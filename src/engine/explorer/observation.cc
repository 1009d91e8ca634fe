#include "engine/explorer/observation.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/explorer/naming.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxAssertions = 6;
constexpr std::size_t kMaxMessage = 90;

bool same_facts(const Fact& a, const Fact& b) {
  return a.expression == b.expression && a.kind == b.kind && a.literal == b.literal;
}

// Exact equality of floats is only for values that people write down.
bool needs_tolerance(const Value& value) {
  if (value.kind == ValueKind::Float) return render(value).size() > 8 && std::isfinite(value.real);
  const bool sequence = value.kind == ValueKind::List || value.kind == ValueKind::Tuple;
  if (!sequence || value.items.empty()) return false;
  const bool numbers = std::all_of(value.items.begin(), value.items.end(), [](const Value& item) {
    return item.kind == ValueKind::Int || item.kind == ValueKind::Float;
  });
  return numbers && std::any_of(value.items.begin(), value.items.end(), needs_tolerance);
}

bool holds_nan(const Value& value) {
  return (value.kind == ValueKind::Float && std::isnan(value.real)) ||
         std::any_of(value.items.begin(), value.items.end(), holds_nan);
}

// The expression must start with a name the core chose; the literal must parse as one.
std::optional<model::Assertion> checked_assertion(const Fact& fact, const RenderedProgram& program,
                                                  const std::string& alias) {
  const bool known =
      std::any_of(program.watch.begin(), program.watch.end(), [&](const std::string& name) {
        const auto plain = [&](std::string_view text) {
          return text.substr(0, name.size()) == name &&
                 std::all_of(text.begin() + static_cast<std::ptrdiff_t>(name.size()), text.end(),
                             [](char c) {
                               return c == '.' || c == '_' || (c >= '0' && c <= '9') ||
                                      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                             });
        };
        for (const std::string_view wrapper : {"str(", "len(", "callable("}) {
          if (fact.expression == std::string(wrapper) + name + ")") return true;
        }
        return fact.expression == "type(" + name + ").__name__" ||
               (fact.expression.size() >= name.size() && plain(fact.expression) &&
                (fact.expression.size() == name.size() || fact.expression[name.size()] == '.'));
      });
  if (!known) return std::nullopt;
  const auto value = parse_literal(fact.literal, alias);
  if (!value || holds_nan(*value)) return std::nullopt;
  model::Assertion out{fact.expression, render(*value), model::Assertion::Kind::Equal};
  if (fact.kind == "type") {
    out.kind = model::Assertion::Kind::Type;
  } else if (value->kind == ValueKind::None || value->kind == ValueKind::Bool) {
    out.kind = model::Assertion::Kind::Identity;
  } else if (needs_tolerance(*value)) {
    out.kind = model::Assertion::Kind::Approximate;
  }
  return out;
}

std::vector<model::Assertion> choose_assertions(const std::vector<Fact>& facts,
                                                const RenderedProgram& program,
                                                const std::string& alias) {
  std::vector<model::Assertion> about_result;
  std::vector<model::Assertion> about_objects;
  for (const Fact& fact : facts) {
    auto assertion = checked_assertion(fact, program, alias);
    if (!assertion) continue;
    const std::string& result = program.watch.front();
    const bool concerns_result =
        program.has_result &&
        (fact.expression == result || fact.expression.starts_with(result + ".") ||
         fact.expression.find("(" + result + ")") != std::string::npos);
    (concerns_result ? about_result : about_objects).push_back(*std::move(assertion));
  }
  // What a call returned says enough; the object is looked at when it returned nothing.
  const bool silent =
      about_result.empty() || (about_result.size() == 1 && about_result[0].literal == "None");
  std::vector<model::Assertion> out = std::move(about_result);
  if (silent) out.insert(out.end(), about_objects.begin(), about_objects.end());
  // A type is worth stating only when nothing more exact is known.
  const bool exact = std::any_of(out.begin(), out.end(), [](const model::Assertion& a) {
    return a.kind != model::Assertion::Kind::Type && a.literal != "None";
  });
  if (exact) {
    std::erase_if(out,
                  [](const model::Assertion& a) { return a.kind == model::Assertion::Kind::Type; });
  }
  if (out.size() > kMaxAssertions) out.resize(kMaxAssertions);
  return out;
}

std::string reason_for(const CandidateResult& result, bool same) {
  if (!same) return "a call behaves differently from run to run";
  if (result.outcome != CandidateOutcome::Discarded)
    return "a call's outcome could not be repeated";
  if (result.shape == "module state")
    return "a call changes the module's own state for later tests";
  if (result.shape == "stdin") return "a call reads standard input";
  return "a call leaves its process: " + result.shape;
}

model::ExpectedException expected(const RaisedException& raised, bool documented) {
  model::ExpectedException out{raised.type, raised.module, raised.message, documented};
  const bool plain = std::all_of(out.message.begin(), out.message.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F;
  });
  if (!plain || out.message.size() > kMaxMessage) out.message.clear();
  return out;
}

}  // namespace

base::Result<Observations> observe_suite(const std::vector<SuiteMember>& suite,
                                         const Universe& universe,
                                         const std::vector<Harness*>& environments) {
  Observations out;
  Namer namer(universe);
  for (const SuiteMember& member : suite) {
    const RenderedProgram program = render_program(member.program, universe);
    const std::string& subject_name = universe.callables[subject(member.program)].qualified_name;
    std::vector<CandidateResult> seen;
    for (Harness* harness : environments) {
      TG_ASSIGN(auto results, harness->run({program.candidate()}, {.observe = true}));
      seen.push_back(std::move(results.front()));
    }
    const CandidateResult& first = seen.front();
    const bool same = std::all_of(seen.begin(), seen.end(), [&](const CandidateResult& other) {
      return other.outcome == first.outcome && other.exception.type == first.exception.type &&
             other.exception.line == first.exception.line;
    });
    const bool usable =
        first.outcome == CandidateOutcome::Passed || first.outcome == CandidateOutcome::Raised;
    if (!same || !usable) {
      out.omissions.push_back({subject_name, reason_for(first, same)});
      continue;
    }
    model::TestCase test;
    test.function = subject_name;
    test.statements = program.lines;
    test.definitions = program.definitions;
    test.fixtures = program.fixtures;
    test.goals = first.goals;
    if (program.has_result) test.result_name = program.watch.front();
    if (first.outcome == CandidateOutcome::Raised) {
      RaisedException raised = first.exception;
      for (const auto& other : seen) {
        if (other.exception.message != raised.message) raised.message.clear();
      }
      test.exception = expected(raised, member.standing == Standing::DocumentedException);
    } else {
      std::vector<Fact> stable;
      for (const Fact& fact : first.facts) {
        const bool everywhere = std::all_of(seen.begin(), seen.end(), [&](const auto& other) {
          return std::any_of(other.facts.begin(), other.facts.end(),
                             [&](const Fact& f) { return same_facts(f, fact); });
        });
        if (everywhere) stable.push_back(fact);
      }
      test.assertions = choose_assertions(stable, program, universe.alias);
      if (test.assertions.empty()) {
        out.omissions.push_back({subject_name, "a call gave nothing stable to assert"});
        continue;
      }
    }
    test.name = namer.name(member.program, test);
    out.tests.push_back(std::move(test));
  }
  return out;
}

}  // namespace testgen::engine
