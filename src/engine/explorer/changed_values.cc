#include "engine/explorer/changed_values.h"

#include "engine/explorer/value_factory.h"

namespace testgen::engine {
namespace {

std::size_t slots_of(const Statement& statement) {
  return statement.arguments.size() + statement.keywords.size() +
         (statement.kind == Statement::Kind::SetAttribute ? 1 : 0);
}

Value& value_at(Statement& statement, std::size_t slot) {
  if (slot < statement.arguments.size()) return statement.arguments[slot];
  slot -= statement.arguments.size();
  return slot < statement.keywords.size() ? statement.keywords[slot].second : statement.value;
}

}  // namespace

void change_values(const TestProgram& program, std::size_t statement, std::size_t most_nodes,
                   const ValueChange& change, std::size_t limit, std::vector<TestProgram>& out) {
  const std::size_t slots = slots_of(program.statements[statement]);
  for (std::size_t slot = 0; slot < slots; ++slot) {
    Statement copy = program.statements[statement];
    std::vector<Value*> nodes;
    collect_nodes(value_at(copy, slot), nodes);
    for (std::size_t n = 0; n < nodes.size() && n < most_nodes; ++n) {
      if (out.size() >= limit) return;
      auto changed = change(*nodes[n]);
      if (!changed || *changed == *nodes[n]) continue;
      TestProgram result = program;
      std::vector<Value*> targets;
      collect_nodes(value_at(result.statements[statement], slot), targets);
      *targets[n] = *std::move(changed);
      out.push_back(std::move(result));
    }
  }
}

}  // namespace testgen::engine
