#include "engine/explorer/program_factory.h"

#include <algorithm>

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxStatements = 8;

bool needs_receiver(const Callable& callable) {
  return callable.kind == CallableKind::Method || callable.kind == CallableKind::Property;
}

}  // namespace

Statement ProgramFactory::make_call(std::size_t callable) {
  Statement statement;
  statement.callable = callable;
  const Callable& target = universe_.callables[callable];
  if (target.kind != CallableKind::Property) {
    values_.fill_arguments(statement.arguments, statement.keywords, target, 0);
  }
  return statement;
}

bool ProgramFactory::add_receiver(TestProgram& program, Statement& statement) {
  const Callable& callable = universe_.callables[statement.callable];
  if (!needs_receiver(callable)) return true;
  const auto found = universe_.classes.find(callable.class_name);
  if (found == universe_.classes.end()) return false;
  if (!found->second.members.empty()) {
    statement.member = random_.pick(found->second.members);
    return true;
  }
  if (found->second.abstract) return false;
  statement.receiver = program.statements.size();
  program.statements.push_back(make_call(found->second.constructor));
  return true;
}

std::optional<TestProgram> ProgramFactory::make(std::size_t callable) {
  TestProgram program;
  Statement act = make_call(callable);
  if (!add_receiver(program, act)) return std::nullopt;
  program.statements.push_back(std::move(act));
  if (program.statements.back().receiver != Statement::npos) {
    while (random_.chance(0.3) && program.statements.size() < kMaxStatements) {
      if (!insert_preparation(program)) break;
    }
  }
  return program;
}

// Before the act: another call on its object, or a write to one of its attributes.
bool ProgramFactory::insert_preparation(TestProgram& program) {
  const Statement& act = program.statements.back();
  const std::size_t receiver = act.receiver;
  const Callable& callable = universe_.callables[act.callable];
  const auto found = universe_.classes.find(callable.class_name);
  if (receiver == Statement::npos || found == universe_.classes.end()) return false;
  const ClassInfo& info = found->second;
  Statement extra;
  if (!info.attributes.empty() && random_.chance(0.35)) {
    extra.kind = Statement::Kind::SetAttribute;
    extra.callable = info.constructor;
    extra.attribute = random_.pick(info.attributes);
    ParameterInfo any = describe_parameter({.name = extra.attribute}, universe_.classes);
    extra.value = values_.make(any, callable, 1);
  } else {
    if (info.methods.empty()) return false;
    const std::size_t method = random_.pick(info.methods);
    const Callable& target = universe_.callables[method];
    if (target.kind != CallableKind::Method || !target.usable) return false;
    extra = make_call(method);
  }
  extra.receiver = receiver;
  const std::size_t position =
      receiver + 1 + random_.below(program.statements.size() - receiver - 1);
  program.statements.insert(program.statements.begin() + static_cast<std::ptrdiff_t>(position),
                            std::move(extra));
  for (std::size_t i = position + 1; i < program.statements.size(); ++i) {
    Statement& later = program.statements[i];
    if (later.receiver != Statement::npos && later.receiver >= position) ++later.receiver;
  }
  return true;
}

void ProgramFactory::mutate_parameter(Statement& statement, const Callable& callable) {
  if (callable.parameters.empty()) return;
  const std::size_t index = random_.below(callable.parameters.size());
  const ParameterInfo& parameter = callable.parameters[index];
  const bool variadic = parameter.kind == model::ParameterKind::VarPositional ||
                        parameter.kind == model::ParameterKind::VarKeyword;
  if (parameter.kind == model::ParameterKind::VarPositional) {
    // Only when every earlier parameter is given by position.
    if (statement.arguments.size() < index) return;
    if (statement.arguments.size() > index && random_.chance(0.4)) {
      statement.arguments.pop_back();
    } else {
      statement.arguments.push_back(values_.make(parameter, callable));
    }
    return;
  }
  if (variadic) {
    std::vector<Value> ignored;
    std::vector<std::pair<std::string, Value>> fresh;
    values_.fill_arguments(ignored, fresh, callable, 0);
    for (auto& [name, value] : fresh) {
      const bool fixed =
          std::any_of(callable.parameters.begin(), callable.parameters.end(),
                      [&, &key = name](const ParameterInfo& p) { return p.name == key; });
      const bool present = std::any_of(statement.keywords.begin(), statement.keywords.end(),
                                       [&, &key = name](const auto& k) { return k.first == key; });
      if (!fixed && !present) statement.keywords.emplace_back(name, std::move(value));
    }
    return;
  }
  const auto keyword = std::find_if(statement.keywords.begin(), statement.keywords.end(),
                                    [&](const auto& k) { return k.first == parameter.name; });
  if (keyword != statement.keywords.end()) {
    if (parameter.optional && random_.chance(0.3)) {
      statement.keywords.erase(keyword);
    } else {
      keyword->second = values_.make(parameter, callable);
    }
  } else if (index < statement.arguments.size()) {
    statement.arguments[index] = values_.make(parameter, callable);
  } else if (parameter.kind != model::ParameterKind::PositionalOnly) {
    statement.keywords.emplace_back(parameter.name, values_.make(parameter, callable));
  } else if (index == statement.arguments.size()) {
    statement.arguments.push_back(values_.make(parameter, callable));
  }
}

void ProgramFactory::mutate_arguments(Statement& statement) {
  const Callable& callable = universe_.callables[statement.callable];
  if (statement.kind == Statement::Kind::SetAttribute) {
    values_.mutate(statement.value, callable);
    return;
  }
  const std::size_t given = statement.arguments.size() + statement.keywords.size();
  if (statement.kind == Statement::Kind::Arrange && given == 0) return;
  if (statement.kind == Statement::Kind::Call && (given == 0 || random_.chance(0.35))) {
    mutate_parameter(statement, callable);
    return;
  }
  const std::size_t pick = random_.below(given);
  Value& value = pick < statement.arguments.size()
                     ? statement.arguments[pick]
                     : statement.keywords[pick - statement.arguments.size()].second;
  values_.mutate(value, callable);
}

TestProgram ProgramFactory::mutate(const TestProgram& parent) {
  TestProgram child = parent;
  const auto edits = random_.between(1, 3);
  for (std::int64_t i = 0; i < edits; ++i) {
    const double choice = random_.unit();
    if (choice < 0.18 && child.statements.size() < kMaxStatements && insert_preparation(child)) {
      continue;
    }
    if (choice < 0.26 && child.statements.size() > 1 &&
        erase_statement(child, random_.below(child.statements.size() - 1))) {
      continue;
    }
    // The act is what matters most.
    const std::size_t index =
        random_.chance(0.6) ? child.statements.size() - 1 : random_.below(child.statements.size());
    Statement& statement = child.statements[index];
    if (!statement.member.empty() && random_.chance(0.3)) {
      const Callable& callable = universe_.callables[statement.callable];
      statement.member = random_.pick(universe_.classes.at(callable.class_name).members);
      continue;
    }
    mutate_arguments(statement);
  }
  return child;
}

std::optional<TestProgram> ProgramFactory::from_example(const model::ExampleCall& example) {
  std::size_t callable = universe_.find(example.callee);
  if (callable == Universe::npos) callable = universe_.find(example.callee + ".__init__");
  if (callable == Universe::npos) return std::nullopt;
  TestProgram program;
  Statement act;
  act.callable = callable;
  for (const auto& source : example.arguments) {
    auto value = parse_literal(source);
    if (!value) {
      // An expression such as `lambda x: x + 1` or a name is kept as it is written.
      if (source.size() > 80 || source.find('\n') != std::string::npos) return std::nullopt;
      value = Value::name(source);
    }
    act.arguments.push_back(*std::move(value));
  }
  for (const auto& [name, source] : example.keywords) {
    auto value = parse_literal(source);
    if (!value) return std::nullopt;
    act.keywords.emplace_back(name, *std::move(value));
  }
  if (!add_receiver(program, act)) return std::nullopt;
  program.statements.push_back(std::move(act));
  return program;
}

}  // namespace testgen::engine
