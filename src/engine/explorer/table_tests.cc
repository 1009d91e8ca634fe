#include "engine/explorer/table_tests.h"

#include <algorithm>
#include <optional>

#include "engine/explorer/value.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMostTables = 8;
constexpr std::size_t kLongest = 1'400;  // characters; more does not fit into a short test

std::string lower(const std::string& name) {
  std::string out = name;
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::size_t entries_of(const Value& value) {
  return value.kind == ValueKind::Dict ? value.items.size() / 2 : value.items.size();
}

std::string name_of(const std::string& table, std::size_t entries) {
  const std::string count = std::to_string(entries);
  if (table == "__all__") {
    return entries == 1 ? "test_all_lists_one_name" : "test_all_lists_" + count + "_names";
  }
  return "test_" + lower(table) + "_holds_" + count + "_entries";
}

bool is_table(const Value& value) {
  switch (value.kind) {
    case ValueKind::List:
    case ValueKind::Tuple:
    case ValueKind::Set:
    case ValueKind::FrozenSet:
    case ValueKind::Dict:
      return !value.items.empty();
    default:
      return false;
  }
}

// What all saw in the table, as one literal.
std::optional<Value> agreed_value(const std::vector<CandidateResult>& seen,
                                  const std::string& alias) {
  std::optional<std::string> text;
  for (const CandidateResult& result : seen) {
    if (result.outcome != CandidateOutcome::Passed || result.facts.size() != 1) return std::nullopt;
    const Fact& fact = result.facts.front();
    if (fact.expression != "result" || (text && *text != fact.literal)) return std::nullopt;
    text = fact.literal;
  }
  if (!text) return std::nullopt;
  auto value = parse_literal(*text, alias);
  if (!value || !is_table(*value)) return std::nullopt;
  return value;
}

}  // namespace

base::Result<std::vector<model::TestCase>> table_tests(const model::ModuleModel& module,
                                                       const std::string& alias,
                                                       const std::vector<std::string>& symbols,
                                                       const std::vector<Harness*>& environments) {
  std::vector<model::TableModel> tables = module.tables;
  std::erase_if(tables, [&](const model::TableModel& table) {
    return !symbols.empty() &&
           std::find(symbols.begin(), symbols.end(), table.name) == symbols.end();
  });
  std::stable_sort(tables.begin(), tables.end(),
                   [](const auto& a, const auto& b) { return a.entries > b.entries; });
  if (tables.size() > kMostTables) tables.resize(kMostTables);
  std::vector<Candidate> candidates;
  for (const model::TableModel& table : tables) {
    Candidate candidate{"result = " + alias + "." + table.name, {"result"}};
    candidate.longest = kLongest;
    candidates.push_back(std::move(candidate));
  }
  std::vector<model::TestCase> out;
  if (candidates.empty()) return out;
  std::vector<std::vector<CandidateResult>> seen(candidates.size());
  for (Harness* harness : environments) {
    TG_ASSIGN(auto results, harness->run(candidates, {.observe = true}));
    for (std::size_t i = 0; i < results.size(); ++i) seen[i].push_back(std::move(results[i]));
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto value = agreed_value(seen[i], alias);
    if (!value) continue;
    model::TestCase test;
    test.name = name_of(tables[i].name, entries_of(*value));
    test.function = tables[i].name;
    test.statements = {candidates[i].source};
    test.result_name = "result";
    test.assertions = {{"result", render(*value), model::Assertion::Kind::Equal}};
    out.push_back(std::move(test));
  }
  return out;
}

}  // namespace testgen::engine
