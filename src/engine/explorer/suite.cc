#include "engine/explorer/suite.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/explorer/changed_values.h"
#include "engine/explorer/value_factory.h"

namespace testgen::engine {
namespace {

SuiteMember member_of(const ArchiveEntry& entry) {
  return {entry.program, entry.standing, entry.signature, {}, entry.result.goals};
}

// Simpler values that might do as well.
std::vector<Value> simpler(const Value& value) {
  std::vector<Value> out;
  const auto offer = [&](Value candidate) {
    if (!(candidate == value) && weight(candidate) <= weight(value))
      out.push_back(std::move(candidate));
  };
  switch (value.kind) {
    case ValueKind::Bool:
      offer(Value::integer(value.number));
      break;
    case ValueKind::Int:
      if (value.number != 0 || !value.text.empty()) offer(Value::integer(0));
      if (value.number > 1 || value.number < -1 || !value.text.empty()) offer(Value::integer(1));
      if (value.text.empty() && (value.number > 3 || value.number < -3)) {
        offer(Value::integer(value.number / 2));
        offer(Value::integer(value.number > 10 ? 10 : 2));
      }
      break;
    case ValueKind::Float:
      if (std::abs(value.real) < 1e6 && std::round(value.real) == value.real) {
        offer(Value::integer(static_cast<std::int64_t>(value.real)));
      }
      if (value.real != 0.0) offer(Value::floating(0.0));
      if (value.real != 1.0 && value.real != 0.0) offer(Value::floating(1.0));
      if (std::abs(value.real) < 1e6) {
        const double rounded = std::round(value.real * 4) / 4;
        if (rounded != value.real) offer(Value::floating(rounded));
      }
      break;
    case ValueKind::String:
    case ValueKind::Bytes: {
      const std::string& text = value.text;
      if (text.empty()) break;
      const auto with = [&](std::string changed) {
        Value candidate = value;
        candidate.text = std::move(changed);
        out.push_back(std::move(candidate));
      };
      with("");
      if (text.size() > 1) {
        with("a");
        // Cut only where characters begin.
        const auto boundary = [&](std::size_t at) {
          return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        };
        const std::size_t half = text.size() / 2;
        if (boundary(half)) {
          with(text.substr(0, half));
          with(text.substr(half));
        }
        if (text.size() <= 24) {
          for (std::size_t i = 0; i < text.size(); ++i) {
            if (boundary(i) && boundary(i + 1)) with(text.substr(0, i) + text.substr(i + 1));
          }
        }
      }
      break;
    }
    case ValueKind::List:
    case ValueKind::Tuple:
    case ValueKind::Set:
    case ValueKind::FrozenSet:
    case ValueKind::Dict: {
      const std::size_t stride = value.kind == ValueKind::Dict ? 2 : 1;
      if (value.items.empty()) break;
      Value empty = value;
      empty.items.clear();
      offer(std::move(empty));
      for (std::size_t i = 0; i + stride <= value.items.size() && i < 12 * stride; i += stride) {
        Value without = value;
        without.items.erase(without.items.begin() + static_cast<std::ptrdiff_t>(i),
                            without.items.begin() + static_cast<std::ptrdiff_t>(i + stride));
        offer(std::move(without));
      }
      break;
    }
    case ValueKind::Name:
      // A function where something plain would do.
      if (!value.text.starts_with("lambda")) break;
      offer(Value::integer(1));
      offer(Value::string("a"));
      break;
    case ValueKind::Call:
      for (std::size_t i = 0; i < value.keywords.size(); ++i) {
        Value without = value;
        without.keywords.erase(without.keywords.begin() + static_cast<std::ptrdiff_t>(i));
        offer(std::move(without));
      }
      break;
    default:
      break;
  }
  return out;
}

void add_value_variants(const TestProgram& program, std::size_t statement,
                        std::vector<TestProgram>& out) {
  const auto root_of = [statement](TestProgram& owner, std::size_t slot) -> Value& {
    Statement& target = owner.statements[statement];
    if (slot < target.arguments.size()) return target.arguments[slot];
    slot -= target.arguments.size();
    if (slot < target.keywords.size()) return target.keywords[slot].second;
    return target.value;
  };
  const Statement& target = program.statements[statement];
  const std::size_t slots = target.arguments.size() + target.keywords.size() +
                            (target.kind == Statement::Kind::SetAttribute ? 1 : 0);
  for (std::size_t slot = 0; slot < slots; ++slot) {
    TestProgram copy = program;
    std::vector<Value*> nodes;
    collect_nodes(root_of(copy, slot), nodes);
    for (std::size_t n = 0; n < nodes.size() && n < 24; ++n) {
      for (Value& variant : simpler(*nodes[n])) {
        TestProgram changed = program;
        std::vector<Value*> targets;
        collect_nodes(root_of(changed, slot), targets);
        *targets[n] = std::move(variant);
        out.push_back(std::move(changed));
      }
    }
  }
}

// The same text in several places often has to stay the same: shorten it everywhere at once.
void add_common_text_variants(const TestProgram& program, std::vector<TestProgram>& out) {
  const auto nodes_of = [](TestProgram& owner) {
    std::vector<Value*> nodes;
    for (Statement& statement : owner.statements) {
      for (Value& argument : statement.arguments) collect_nodes(argument, nodes);
      for (auto& [keyword, value] : statement.keywords) collect_nodes(value, nodes);
      collect_nodes(statement.value, nodes);
    }
    return nodes;
  };
  TestProgram copy = program;
  std::map<std::string, int> counts;
  for (const Value* node : nodes_of(copy)) {
    if (node->kind == ValueKind::String && node->text.size() > 1) ++counts[node->text];
  }
  for (const auto& [text, count] : counts) {
    if (count < 2) continue;
    TestProgram changed = program;
    for (Value* node : nodes_of(changed)) {
      if (node->kind == ValueKind::String && node->text == text) node->text = "a";
    }
    out.push_back(std::move(changed));
  }
}

bool includes(const std::vector<std::uint32_t>& all, const std::vector<std::uint32_t>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

constexpr std::size_t kPlainValues = 4;
constexpr std::size_t kMostPlainer = 12;

// A number or a text in place of an argument that reads as if it meant something, such as set(),
// b"" or a class, when any value would do. What is less odd for the parameter stays among the
// variants.
std::vector<Value> plainer(const Value& value) {
  switch (value.kind) {
    case ValueKind::Bytes:
    case ValueKind::Set:
    case ValueKind::FrozenSet:
    case ValueKind::Dict:
    case ValueKind::Call:
    case ValueKind::Name:
      return {Value::string("a"), Value::integer(1), Value::string(""), Value::integer(0)};
    default:
      return {};
  }
}

// Takes out what is neither less odd nor smaller.
void keep_smaller(const TestProgram& program, const Universe& universe,
                  std::vector<TestProgram>& out) {
  const std::size_t odd = oddity(program, universe);
  const std::size_t size = weight(program);
  std::erase_if(out, [&](const TestProgram& variant) {
    const std::size_t variant_odd = oddity(variant, universe);
    return variant_odd > odd || (variant_odd == odd && weight(variant) >= size &&
                                 render_program(variant, universe).source().size() >=
                                     render_program(program, universe).source().size());
  });
}

}  // namespace

std::string signature_of(const CandidateResult& result) {
  return result.outcome == CandidateOutcome::Passed ? "returns " + result.shape
                                                    : "raises " + result.exception.type;
}

std::size_t cost_of(const SuiteMember& member, const Universe& universe) {
  return weight(member.program) + oddity(member.program, universe);
}

std::vector<SuiteMember> choose_suite(const Archive& archive, const Universe& universe,
                                      const SuiteLimits& limits) {
  std::vector<SuiteMember> suite;
  std::vector<std::size_t> pool;
  for (const std::size_t index : archive.goal_champions()) {
    const ArchiveEntry& entry = archive.entry(index);
    if (entry.standing == Standing::Undocumented) continue;
    if (universe.callables[subject(entry.program)].wanted) pool.push_back(index);
  }
  std::set<std::uint32_t> covered;
  std::set<std::pair<std::size_t, std::string>> signatures;
  std::map<std::size_t, std::size_t> per_callable;
  while (suite.size() < limits.tests) {
    std::size_t best = pool.size();
    double best_score = 0;
    for (std::size_t i = 0; i < pool.size(); ++i) {
      const ArchiveEntry& entry = archive.entry(pool[i]);
      std::size_t fresh = 0;
      for (const std::uint32_t goal : entry.result.goals) fresh += covered.contains(goal) ? 0 : 1;
      // Many goals are good, a long program is not: one behaviour a test.
      const double score =
          static_cast<double>(fresh) / std::sqrt(static_cast<double>(entry.weight));
      if (fresh > 0 && score > best_score) {
        best_score = score;
        best = i;
      }
    }
    if (best == pool.size()) break;
    const ArchiveEntry& entry = archive.entry(pool[best]);
    SuiteMember member = member_of(entry);
    for (const std::uint32_t goal : entry.result.goals) {
      if (covered.insert(goal).second) member.owned.push_back(goal);
    }
    signatures.emplace(subject(entry.program), entry.signature);
    ++per_callable[subject(entry.program)];
    suite.push_back(std::move(member));
    pool.erase(pool.begin() + static_cast<std::ptrdiff_t>(best));
  }
  for (const std::size_t index : archive.champions()) {
    const ArchiveEntry& entry = archive.entry(index);
    const std::size_t callable = subject(entry.program);
    if (suite.size() >= limits.tests) break;
    if (entry.standing == Standing::Undocumented) continue;
    if (universe.callables[callable].is_private || !universe.callables[callable].wanted) continue;
    if (per_callable[callable] >= limits.signatures_per_callable) continue;
    if (!signatures.emplace(callable, entry.signature).second) continue;
    ++per_callable[callable];
    suite.push_back(member_of(entry));
  }
  return suite;
}

std::vector<TestProgram> smaller_variants(const TestProgram& program, const Universe& universe) {
  std::vector<TestProgram> out;
  for (std::size_t i = 0; i + 1 < program.statements.size(); ++i) {
    TestProgram without = program;
    if (erase_statement(without, i)) out.push_back(std::move(without));
  }
  for (std::size_t s = 0; s < program.statements.size(); ++s) {
    const Statement& statement = program.statements[s];
    if (statement.kind != Statement::Kind::Call) continue;
    const Callable& callable = universe.callables[statement.callable];
    for (std::size_t k = 0; k < statement.keywords.size(); ++k) {
      const bool required = std::any_of(
          callable.parameters.begin(), callable.parameters.end(), [&](const ParameterInfo& p) {
            return p.name == statement.keywords[k].first && !p.optional;
          });
      if (required) continue;
      TestProgram without = program;
      auto& keywords = without.statements[s].keywords;
      keywords.erase(keywords.begin() + static_cast<std::ptrdiff_t>(k));
      out.push_back(std::move(without));
    }
    if (!statement.arguments.empty() && statement.arguments.size() <= callable.parameters.size() &&
        callable.parameters[statement.arguments.size() - 1].optional) {
      TestProgram without = program;
      without.statements[s].arguments.pop_back();
      out.push_back(std::move(without));
    }
  }
  add_common_text_variants(program, out);
  for (std::size_t s = 0; s < program.statements.size(); ++s) add_value_variants(program, s, out);
  keep_smaller(program, universe, out);
  return out;
}

std::vector<TestProgram> plainer_variants(const TestProgram& program, const Universe& universe) {
  std::vector<TestProgram> out;
  for (std::size_t s = 0; s < program.statements.size(); ++s) {
    for (std::size_t choice = 0; choice < kPlainValues; ++choice) {
      const auto change = [choice](const Value& value) -> std::optional<Value> {
        auto options = plainer(value);
        if (choice >= options.size()) return std::nullopt;
        return std::move(options[choice]);
      };
      change_values(program, s, 1, change, kMostPlainer, out);
    }
  }
  keep_smaller(program, universe, out);
  return out;
}

base::Status minimise(std::vector<SuiteMember>& suite, const Universe& universe, Harness& harness,
                      const Archive& archive, Budget& budget, double until,
                      const std::stop_token& stop) {
  struct Work {
    std::vector<TestProgram> variants;
    std::size_t next = 0;
    bool done = false;
  };
  std::vector<Work> work(suite.size());
  for (std::size_t i = 0; i < suite.size(); ++i) {
    work[i].variants = smaller_variants(suite[i].program, universe);
  }
  std::size_t start = 0;
  while (!stop.stop_requested() && budget.used() < until) {
    std::vector<std::pair<std::size_t, const TestProgram*>> batch;
    std::vector<Candidate> candidates;
    for (std::size_t k = 0; k < suite.size() && candidates.size() < Harness::kBatch; ++k) {
      const std::size_t i = (start + k) % suite.size();
      Work& item = work[i];
      for (int n = 0;
           n < 6 && item.next < item.variants.size() && candidates.size() < Harness::kBatch; ++n) {
        const TestProgram& variant = item.variants[item.next++];
        batch.emplace_back(i, &variant);
        candidates.push_back(render_program(variant, universe).candidate());
      }
    }
    if (batch.empty()) break;
    start = batch.back().first + 1;
    budget.spend(candidates.size());
    TG_ASSIGN(const auto results, harness.run(candidates, {}));
    std::set<std::size_t> changed;
    for (std::size_t b = 0; b < batch.size(); ++b) {
      const auto& [i, variant] = batch[b];
      const CandidateResult& result = results[b];
      if (changed.contains(i)) continue;
      if (!ended_in_act(result, line_count(*variant, universe))) continue;
      if (signature_of(result) != suite[i].signature ||
          archive.standing_of(result) != suite[i].standing ||
          !includes(result.goals, suite[i].owned)) {
        continue;
      }
      suite[i].program = *variant;
      suite[i].goals = result.goals;
      changed.insert(i);
    }
    for (const std::size_t i : changed) {
      work[i].variants = smaller_variants(suite[i].program, universe);
      work[i].next = 0;
    }
  }
  return {};
}

}  // namespace testgen::engine
