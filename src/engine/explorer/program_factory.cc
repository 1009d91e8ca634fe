#include "engine/explorer/program_factory.h"

#include <algorithm>

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxStatements = 8;
constexpr double kCredit = 2.0;
constexpr double kMostCredit = 24.0;

bool needs_receiver(const Callable& callable) {
  return callable.kind == CallableKind::Method || callable.kind == CallableKind::Property;
}

// Every value of the program, for later ones to agree with.
std::vector<const Value*> values_of(const TestProgram& program) {
  std::vector<const Value*> out;
  for (const Statement& statement : program.statements) {
    for (const Value& value : statement.arguments) out.push_back(&value);
    for (const auto& [keyword, value] : statement.keywords) out.push_back(&value);
    if (statement.kind == Statement::Kind::SetAttribute) out.push_back(&statement.value);
  }
  return out;
}

void insert_statement(TestProgram& program, std::size_t position, Statement statement) {
  program.statements.insert(program.statements.begin() + static_cast<std::ptrdiff_t>(position),
                            std::move(statement));
  for (std::size_t i = position + 1; i < program.statements.size(); ++i) {
    std::size_t& receiver = program.statements[i].receiver;
    if (receiver != Statement::npos && receiver >= position) ++receiver;
  }
}

// The class of the object that a statement makes; empty when it makes none.
const std::string& class_made(const Statement& statement, const Universe& universe) {
  static const std::string kNone;
  if (statement.kind != Statement::Kind::Call) return kNone;
  const Callable& callable = universe.callables[statement.callable];
  return callable.kind == CallableKind::Constructor ? callable.class_name : callable.returned_class;
}

bool inherits(const Universe& universe, const std::string& heir, const std::string& ancestor) {
  const ClassInfo* info = universe.find_class(heir);
  return info != nullptr &&
         std::find(info->lineage.begin(), info->lineage.end(), ancestor) != info->lineage.end();
}

// The object a program is about: what its act is called on, or what its act makes.
std::size_t object_of(const TestProgram& program, const Universe& universe) {
  const Statement& act = program.statements.back();
  if (act.receiver != Statement::npos) return act.receiver;
  return class_made(act, universe).empty() ? Statement::npos : program.statements.size() - 1;
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
  const ClassInfo* owner = universe_.find_class(callable.class_name);
  if (owner == nullptr) return false;
  if (!owner->members.empty()) {
    statement.member = random_.pick(owner->members);
    return true;
  }
  // What other callables return is often in a state that no constructor gives.
  std::size_t maker = Universe::npos;
  if (!owner->producers.empty() && (owner->concrete.empty() || random_.chance(0.35))) {
    maker = random_.pick(owner->producers);
    if (!universe_.callables[maker].usable) maker = Universe::npos;
  }
  if (maker == Universe::npos) {
    if (owner->concrete.empty()) return false;
    // What a class does through empty hooks shows only where they are filled.
    const double plain = recorder_of(*owner) == nullptr ? 0.7 : 0.4;
    const bool itself = !owner->abstract && random_.chance(plain);
    const std::string& name = itself ? owner->name : random_.pick(owner->concrete);
    maker = universe_.classes.at(name).constructor;
    if (!universe_.callables[maker].usable) return false;
  }
  const Callable& made_by = universe_.callables[maker];
  const std::string& made =
      made_by.kind == CallableKind::Constructor ? made_by.class_name : made_by.returned_class;
  const Value* known =
      random_.chance(0.4) ? values_.kept_object(made, universe_.spelling(made_by)) : nullptr;
  if (known != nullptr) {
    Statement again;
    again.callable = maker;
    again.arguments = known->items;
    again.keywords = known->keywords;
    program.statements.push_back(std::move(again));
  } else {
    program.statements.push_back(make_call(maker));
  }
  statement.receiver = program.statements.size() - 1;
  return true;
}

const ClassInfo* ProgramFactory::recorder_of(const ClassInfo& info) const {
  for (const std::string& name : info.concrete) {
    const ClassInfo* heir = universe_.find_class(name);
    if (heir != nullptr && heir->records) return heir;
  }
  return nullptr;
}

std::optional<TestProgram> ProgramFactory::with_recorders(const TestProgram& program) const {
  TestProgram out = program;
  bool changed = false;
  for (std::size_t i = 0; i + 1 < out.statements.size(); ++i) {
    Statement& statement = out.statements[i];
    if (statement.kind != Statement::Kind::Call) continue;
    const Callable& callable = universe_.callables[statement.callable];
    if (callable.kind != CallableKind::Constructor) continue;
    const ClassInfo* info = universe_.find_class(callable.class_name);
    const ClassInfo* heir = info == nullptr || info->records ? nullptr : recorder_of(*info);
    if (heir == nullptr) continue;
    statement.callable = heir->constructor;
    changed = true;
  }
  if (!changed) return std::nullopt;
  return out;
}

std::optional<TestProgram> ProgramFactory::make(std::size_t callable) {
  TestProgram program;
  Statement act;
  act.callable = callable;
  values_.set_context({});
  if (!add_receiver(program, act)) return std::nullopt;
  values_.set_context(values_of(program));
  const std::size_t receiver = act.receiver;
  const std::string member = act.member;
  act = make_call(callable);
  act.receiver = receiver;
  act.member = member;
  make_assignment(act);
  program.statements.push_back(std::move(act));
  if (receiver != Statement::npos) {
    while (random_.chance(0.3) && program.statements.size() < kMaxStatements) {
      if (!insert_preparation(program)) break;
    }
  }
  return program;
}

// A property is sometimes written instead of read.
void ProgramFactory::make_assignment(Statement& statement) {
  const Callable& callable = universe_.callables[statement.callable];
  if (callable.kind != CallableKind::Property || statement.receiver == Statement::npos) return;
  const ClassInfo* owner = universe_.find_class(callable.class_name);
  const bool assignable =
      owner != nullptr && std::find(owner->attributes.begin(), owner->attributes.end(),
                                    callable.name) != owner->attributes.end();
  if (!assignable || !random_.chance(0.25)) return;
  statement.kind = Statement::Kind::SetAttribute;
  statement.attribute = callable.name;
  statement.value = values_.make(attribute_info(*owner, callable.name), callable, 1);
}

// What is known of an attribute is what is known of the parameter that it keeps.
ParameterInfo ProgramFactory::attribute_info(const ClassInfo& owner, const std::string& name) {
  for (const std::string& ancestor : owner.lineage) {
    const Callable& constructor = universe_.callables[universe_.classes.at(ancestor).constructor];
    for (const ParameterInfo& parameter : constructor.parameters) {
      if (parameter.name == name) return parameter;
    }
  }
  return describe_parameter({.name = name}, universe_.classes);
}

std::optional<TestProgram> ProgramFactory::extend(const TestProgram& parent, std::size_t callable) {
  const Callable& target = universe_.callables[callable];
  if (!needs_receiver(target) || parent.statements.size() >= kMaxStatements) return std::nullopt;
  const auto fits = [&](std::size_t object) {
    return object != Statement::npos &&
           inherits(universe_, class_made(parent.statements[object], universe_), target.class_name);
  };
  // On what the act gave, or on what it was called on.
  std::size_t object = parent.statements.size() - 1;
  if (!fits(object)) object = object_of(parent, universe_);
  if (!fits(object)) return std::nullopt;
  TestProgram program = parent;
  values_.set_context(values_of(program));
  Statement act = make_call(callable);
  act.receiver = object;
  make_assignment(act);
  program.statements.push_back(std::move(act));
  return program;
}

std::optional<TestProgram> ProgramFactory::splice(const TestProgram& parent,
                                                  const TestProgram& donor) {
  const std::size_t receiver = parent.statements.back().receiver;
  const std::size_t given = donor.statements.back().receiver;
  if (receiver == Statement::npos || given == Statement::npos) return std::nullopt;
  const std::string& heir = class_made(parent.statements[receiver], universe_);
  TestProgram program = parent;
  for (const Statement& statement : donor.statements) {
    if (statement.receiver != given || program.statements.size() >= kMaxStatements) continue;
    const std::string& owner = universe_.callables[statement.callable].class_name;
    if (!inherits(universe_, heir, owner)) continue;
    Statement copy = statement;
    copy.receiver = receiver;
    insert_statement(program, program.statements.size() - 1, std::move(copy));
  }
  if (program.statements.size() == parent.statements.size()) return std::nullopt;
  return program;
}

bool ProgramFactory::insert_attribute(TestProgram& program, const std::set<std::string>& focus) {
  const std::size_t receiver = program.statements.back().receiver;
  if (receiver == Statement::npos) return false;
  const ClassInfo* info = universe_.find_class(class_made(program.statements[receiver], universe_));
  if (info == nullptr) return false;
  std::vector<std::string> names;
  for (const std::string& attribute : info->attributes) {
    if (focus.empty() || focus.contains(attribute)) names.push_back(attribute);
  }
  if (names.empty()) return false;
  Statement extra;
  extra.kind = Statement::Kind::SetAttribute;
  extra.callable = info->constructor;
  extra.attribute = random_.pick(names);
  extra.value = values_.make(attribute_info(*info, extra.attribute),
                             universe_.callables[program.statements.back().callable], 1);
  extra.receiver = receiver;
  insert_statement(program, receiver + 1 + random_.below(program.statements.size() - receiver - 1),
                   std::move(extra));
  return true;
}

void ProgramFactory::credit(const TestProgram& program) {
  for (std::size_t i = 0; i + 1 < program.statements.size(); ++i) {
    const Statement& statement = program.statements[i];
    if (statement.kind != Statement::Kind::Call || statement.receiver == Statement::npos) continue;
    double& credit = credits_[statement.callable];
    credit = std::min(credit + kCredit, kMostCredit);
  }
}

std::size_t ProgramFactory::draw_by_credit(const std::vector<std::size_t>& callables) {
  double total = 0;
  std::size_t chosen = Universe::npos;
  for (const std::size_t callable : callables) {
    const auto found = credits_.find(callable);
    const double weight = 1.0 + (found == credits_.end() ? 0.0 : found->second);
    total += weight;
    if (random_.unit() * total < weight) chosen = callable;
  }
  return chosen;
}

// Before the act: another call on its object, or a write to one of its attributes.
bool ProgramFactory::insert_preparation(TestProgram& program) {
  const std::size_t receiver = program.statements.back().receiver;
  if (receiver == Statement::npos) return false;
  const ClassInfo* info = universe_.find_class(class_made(program.statements[receiver], universe_));
  if (info == nullptr) return false;
  if (random_.chance(0.3) && insert_attribute(program, {})) return true;
  // The same a second time: what is there already is another case.
  if (program.statements.back().kind == Statement::Kind::Call && random_.chance(0.15)) {
    insert_statement(program, program.statements.size() - 1, Statement(program.statements.back()));
    return true;
  }
  if (info->methods.empty()) return false;
  const std::size_t method = draw_by_credit(info->methods);
  const Callable& target = universe_.callables[method];
  if (target.kind != CallableKind::Method || !target.usable) return false;
  Statement extra = make_call(method);
  extra.receiver = receiver;
  insert_statement(program, receiver + 1 + random_.below(program.statements.size() - receiver - 1),
                   std::move(extra));
  return true;
}

void ProgramFactory::mutate_parameter(Statement& statement, const Callable& callable,
                                      std::size_t index) {
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
    if (callable.parameters.empty()) return;
    mutate_parameter(statement, callable, random_.below(callable.parameters.size()));
    return;
  }
  const std::size_t pick = random_.below(given);
  Value& value = pick < statement.arguments.size()
                     ? statement.arguments[pick]
                     : statement.keywords[pick - statement.arguments.size()].second;
  values_.mutate(value, callable);
}

// Where a constructor takes any options: one that a condition speaks of as an attribute.
bool ProgramFactory::add_option(Statement& statement, const std::set<std::string>& focus) {
  const Callable& callable = universe_.callables[statement.callable];
  const ClassInfo* info = universe_.find_class(callable.class_name);
  const bool open = callable.kind == CallableKind::Constructor && info != nullptr &&
                    std::any_of(callable.parameters.begin(), callable.parameters.end(),
                                [](const ParameterInfo& parameter) {
                                  return parameter.kind == model::ParameterKind::VarKeyword;
                                });
  if (!open || !random_.chance(0.3)) return false;
  std::vector<std::string> names;
  for (const std::string& attribute : info->attributes) {
    const bool given = std::any_of(statement.keywords.begin(), statement.keywords.end(),
                                   [&](const auto& keyword) { return keyword.first == attribute; });
    const bool named =
        std::any_of(callable.parameters.begin(), callable.parameters.end(),
                    [&](const ParameterInfo& parameter) { return parameter.name == attribute; });
    if (!given && !named && focus.contains(attribute)) names.push_back(attribute);
  }
  if (names.empty()) return false;
  const std::string& name = random_.pick(names);
  statement.keywords.emplace_back(name, values_.make(attribute_info(*info, name), callable));
  return true;
}

// Changes what an undecided condition speaks of: an argument or an attribute of that name.
bool ProgramFactory::mutate_focused(TestProgram& program, const std::set<std::string>& focus) {
  if (random_.chance(0.4) && program.statements.size() < kMaxStatements &&
      insert_attribute(program, focus)) {
    return true;
  }
  std::vector<std::pair<std::size_t, std::size_t>> slots;  // statement, parameter
  for (std::size_t s = 0; s < program.statements.size(); ++s) {
    const Statement& statement = program.statements[s];
    const auto& parameters = universe_.callables[statement.callable].parameters;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      if (statement.kind == Statement::Kind::Call && focus.contains(parameters[p].name)) {
        slots.emplace_back(s, p);
      }
    }
    if (statement.kind == Statement::Kind::Call && add_option(program.statements[s], focus)) {
      return true;
    }
    if (statement.kind == Statement::Kind::SetAttribute && focus.contains(statement.attribute)) {
      slots.emplace_back(s, 0);
    }
  }
  if (slots.empty()) return false;
  const auto [s, p] = random_.pick(slots);
  Statement& statement = program.statements[s];
  const Callable& callable = universe_.callables[statement.callable];
  if (statement.kind == Statement::Kind::SetAttribute) {
    values_.mutate(statement.value, callable);
    return true;
  }
  // A given value is changed a little as often as it is replaced.
  Value* given = p < statement.arguments.size() ? &statement.arguments[p] : nullptr;
  for (auto& [keyword, value] : statement.keywords) {
    if (keyword == callable.parameters[p].name) given = &value;
  }
  const bool variadic = callable.parameters[p].kind == model::ParameterKind::VarPositional;
  if (given != nullptr && !variadic && random_.chance(0.5)) {
    values_.mutate(*given, callable);
  } else {
    mutate_parameter(statement, callable, p);
  }
  return true;
}

TestProgram ProgramFactory::mutate(const TestProgram& parent, const std::set<std::string>& focus) {
  TestProgram child = parent;
  values_.set_context(values_of(parent));
  if (!focus.empty() && mutate_focused(child, focus) && random_.chance(0.6)) return child;
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
