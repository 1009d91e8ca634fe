#include "engine/explorer/test_program.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "base/strings.h"

namespace testgen::engine {
namespace {

std::string snake_case(const std::string& name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && i > 0 && out.back() != '_') {
      const bool after_lower = !(name[i - 1] >= 'A' && name[i - 1] <= 'Z');
      const bool before_lower = i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z';
      if (after_lower || before_lower) out += '_';
    }
    out += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (out.starts_with("_")) out.erase(out.begin());
  return out.empty() || (out[0] >= '0' && out[0] <= '9') ? "instance" : out;
}

constexpr std::string_view kReserved[] = {
    "result",      "pytest",  "list", "set",   "dict",     "str",     "int",       "float",
    "bool",        "type",    "len",  "class", "lambda",   "import",  "from",      "is",
    "in",          "none",    "io",   "re",    "datetime", "decimal", "fractions", "types",
    "collections", "pathlib", "math", "item",  "range",    "zip"};

// Parameters are often called so; as variables of a test they would hide what it may need.
constexpr std::string_view kShadowed[] = {
    "input",    "iter",    "next",        "map",      "filter",        "object", "bytes",
    "file",     "format",  "hash",        "id",       "max",           "min",    "sum",
    "open",     "sorted",  "vars",        "all",      "any",           "tuple",  "abs",
    "repr",     "round",   "reversed",    "asyncio",  "mock",          "random", "sys",
    "time",     "uuid",    "expected",    "instance", "self",          "capsys", "caplog",
    "tmp_path", "collect", "monkeypatch", "entered",  "entered_async", "recwarn"};

std::string argument_list(const Statement& statement) {
  std::string out;
  const auto add = [&](const std::string& text) {
    if (!out.empty()) out += ", ";
    out += text;
  };
  for (const Value& argument : statement.arguments) add(render(argument));
  for (const auto& [keyword, value] : statement.keywords) add(keyword + "=" + render(value));
  return out;
}

// Dunder methods are called the way a person would: len(x), a == b, x[0].
std::string operator_call(const std::string& name, const std::string& object,
                          const Statement& statement) {
  static const std::map<std::string, std::string> kBinary{
      {"__eq__", "=="}, {"__ne__", "!="},  {"__lt__", "<"},      {"__le__", "<="},
      {"__gt__", ">"},  {"__ge__", ">="},  {"__add__", "+"},     {"__sub__", "-"},
      {"__mul__", "*"}, {"__and__", "&"},  {"__or__", "|"},      {"__xor__", "^"},
      {"__mod__", "%"}, {"__pow__", "**"}, {"__truediv__", "/"}, {"__floordiv__", "//"}};
  static const std::map<std::string, std::string> kBuiltin{{"__str__", "str"},
                                                           {"__repr__", "repr"},
                                                           {"__len__", "len"},
                                                           {"__hash__", "hash"},
                                                           {"__iter__", "list"},
                                                           {"__next__", "next"},
                                                           {"__bool__", "bool"},
                                                           {"__abs__", "abs"},
                                                           {"__int__", "int"},
                                                           {"__float__", "float"},
                                                           {"__reversed__", "list(reversed"},
                                                           {"__round__", "round"},
                                                           {"__complex__", "complex"}};
  static const std::map<std::string, std::string> kReflected{
      {"__radd__", "+"},     {"__rsub__", "-"},      {"__rmul__", "*"}, {"__rand__", "&"},
      {"__ror__", "|"},      {"__rxor__", "^"},      {"__rmod__", "%"}, {"__rpow__", "**"},
      {"__rtruediv__", "/"}, {"__rfloordiv__", "//"}};
  std::string arguments = argument_list(statement);
  if (statement.arguments.size() == 1 && statement.arguments[0].kind == ValueKind::Repeat) {
    arguments = "(" + arguments + ")";
  }
  if (const auto binary = kBinary.find(name);
      binary != kBinary.end() && statement.arguments.size() == 1 && statement.keywords.empty()) {
    return object + " " + binary->second + " " + arguments;
  }
  if (const auto reflected = kReflected.find(name); reflected != kReflected.end() &&
                                                    statement.arguments.size() == 1 &&
                                                    statement.keywords.empty()) {
    return arguments + " " + reflected->second + " " + object;
  }
  if (const auto builtin = kBuiltin.find(name); builtin != kBuiltin.end() && arguments.empty()) {
    return builtin->second + "(" + object + (name == "__reversed__" ? "))" : ")");
  }
  if (statement.keywords.empty()) {
    if (name == "__contains__" && statement.arguments.size() == 1)
      return arguments + " in " + object;
    if (name == "__getitem__" && statement.arguments.size() == 1) {
      return object + "[" + arguments + "]";
    }
  }
  if (name == "__neg__" && arguments.empty()) return "-" + object;
  if (name == "__pos__" && arguments.empty()) return "+" + object;
  if (name == "__invert__" && arguments.empty()) return "~" + object;
  if (name == "__format__" && statement.arguments.size() == 1) {
    return "format(" + object + ", " + arguments + ")";
  }
  if (name == "__call__") return object + "(" + arguments + ")";
  return object + "." + name + "(" + arguments + ")";
}

void add_once(std::vector<std::string>& list, std::string text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

// A call can change it, and what it has become can be written down.
bool is_changeable(const Value& value, const std::string& alias) {
  switch (value.kind) {
    case ValueKind::List:
    case ValueKind::Set:
    case ValueKind::Dict:
      return true;
    case ValueKind::Call:
      return value.text == "io.StringIO" || value.text == "io.BytesIO" ||
             value.text.starts_with(alias + ".");
    default:
      return false;
  }
}

// Whether the act's arguments may have names: `a + b` stays an operation.
bool names_arguments(const TestProgram& program, const Universe& universe) {
  const Statement& act = program.statements.back();
  if (program.named_arguments == 0 || act.kind != Statement::Kind::Call || !act.sweep.empty()) {
    return false;
  }
  const Callable& callable = universe.callables[act.callable];
  return callable.kind == CallableKind::Constructor || !is_operator_method(callable.name);
}

bool is_fixture(const Statement& statement, const Universe& universe) {
  return statement.kind == Statement::Kind::Call &&
         universe.callables[statement.callable].kind == CallableKind::Fixture;
}

void add_fixtures(const Value& value, std::vector<std::string>& names) {
  if (value.kind == ValueKind::Fixture) add_once(names, value.text);
  for (const Value& item : value.items) add_fixtures(item, names);
  for (const auto& [keyword, item] : value.keywords) add_fixtures(item, names);
}

// The project's fixtures that the program uses, as objects and as arguments.
std::vector<std::string> project_fixtures(const TestProgram& program, const Universe& universe) {
  std::vector<std::string> out;
  if (universe.fixtures.empty()) return out;
  for (const Statement& statement : program.statements) {
    if (is_fixture(statement, universe)) {
      add_once(out, universe.callables[statement.callable].name);
    }
    for (const Value& value : statement.arguments) add_fixtures(value, out);
    for (const auto& [keyword, value] : statement.keywords) add_fixtures(value, out);
    add_fixtures(statement.value, out);
  }
  return out;
}

// What a test needs beside its statements to run a lazy result to the end.
std::string_view helper_for(Consumption consumption) {
  switch (consumption) {
    case Consumption::AwaitList:
      return "async def collect(items):\n"
             "    \"\"\"A list of what an asynchronous iterator gives.\"\"\"\n"
             "    return [item async for item in items]";
    case Consumption::Enter:
      return "def entered(manager):\n"
             "    \"\"\"What a context manager gives, once it has been left again.\"\"\"\n"
             "    with manager as value:\n"
             "        return value";
    case Consumption::AwaitEnter:
      return "async def entered_async(manager):\n"
             "    \"\"\"What a context manager gives, once it has been left again.\"\"\"\n"
             "    async with manager as value:\n"
             "        return value";
    default:
      return {};
  }
}

class Renderer {
 public:
  Renderer(const TestProgram& program, const Universe& universe)
      : program_(program),
        universe_(universe),
        names_(program.statements.size()),
        fixtures_(project_fixtures(program, universe)) {}

  RenderedProgram render() {
    choose_names();
    RenderedProgram out;
    const std::size_t last = program_.statements.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
      const Statement& statement = program_.statements[i];
      for (const std::string& definition : statement.definitions) {
        add_once(out.definitions, definition);
      }
      for (const std::string& fixture : statement.fixtures) add_once(out.fixtures, fixture);
      if (!statement.stub.empty()) add_once(out.stubs, statement.stub);
      if (statement.kind == Statement::Kind::Arrange) {
        out.lines.push_back(statement.arguments.empty()
                                ? statement.source
                                : statement.source + argument_list(statement) + ")");
        continue;
      }
      if (statement.kind == Statement::Kind::SetAttribute) {
        out.lines.push_back(object_of(statement) + "." + statement.attribute + " = " +
                            engine::render(statement.value));
        continue;
      }
      if (is_fixture(statement, universe_)) continue;  // the test asks its runner for it
      const auto helper = helper_for(universe_.callables[statement.callable].consumption);
      if (!helper.empty()) add_once(out.definitions, std::string(helper));
      const Statement act = i == last ? with_names(statement, out) : statement;
      std::string line = expression(act);
      if (!names_[i].empty()) line = names_[i] + " = " + line;
      out.lines.push_back(std::move(line));
    }
    for (const std::size_t helper : universe_.helpers) {
      const Callable& callable = universe_.callables[helper];
      for (const std::string& line : out.lines) {
        if (line.find(callable.name + "(") == std::string::npos) continue;
        add_once(out.definitions, callable.definition);
      }
    }
    for (const std::string& line : out.lines) {
      for (std::string& fixture : fixtures_named(line)) add_once(out.fixtures, std::move(fixture));
    }
    for (const std::string& fixture : fixtures_) add_once(out.fixtures, fixture);
    out.has_result = !names_[last].empty();
    if (out.has_result) out.watch.push_back(names_[last]);
    for (const auto& name : names_) {
      if (!name.empty() && std::find(out.watch.begin(), out.watch.end(), name) == out.watch.end()) {
        out.watch.push_back(name);
      }
    }
    for (const std::string& fixture : fixtures_) add_once(out.watch, fixture);
    for (const NamedArgument& argument : out.arguments) add_once(out.watch, argument.name);
    return out;
  }

 private:
  // The act with names for arguments that it can change; their lines go into `out`.
  Statement with_names(const Statement& act, RenderedProgram& out) {
    Statement copy = act;
    if (!names_arguments(program_, universe_)) return copy;
    const auto& parameters = universe_.callables[act.callable].parameters;
    std::uint64_t bit = 1;
    const auto give_name = [&](Value& value, const std::string& parameter) {
      const std::uint64_t own = std::exchange(bit, bit << 1U);
      if (!is_changeable(value, universe_.alias)) return;
      // Chosen also where it is not used, so that it does not depend on which others are.
      std::string name = argument_name(parameter);
      if ((program_.named_arguments & own) == 0) return;
      out.lines.push_back(name + " = " + engine::render(value));
      value = Value::name(name);
      out.arguments.push_back({std::move(name), own});
    };
    for (std::size_t i = 0; i < copy.arguments.size(); ++i) {
      const bool known =
          i < parameters.size() && parameters[i].kind != model::ParameterKind::VarPositional;
      give_name(copy.arguments[i], known ? parameters[i].name : "argument");
    }
    for (auto& [keyword, value] : copy.keywords) give_name(value, keyword);
    return copy;
  }

  std::string argument_name(const std::string& parameter) {
    std::string name = snake_case(parameter);
    const auto taken = [&](const auto& names) {
      return std::find(std::begin(names), std::end(names), name) != std::end(names);
    };
    if (name == universe_.alias || taken(kReserved) || taken(kShadowed)) name = "given_" + name;
    const int count = ++used_[name];
    return count == 1 ? name : name + "_" + std::to_string(count);
  }

  void choose_names() {
    std::map<std::string, int>& used = used_;
    used[universe_.alias] = 1;
    for (const std::string& fixture : fixtures_) used[fixture] = 1;
    for (std::size_t i = 0; i < program_.statements.size(); ++i) {
      const Statement& statement = program_.statements[i];
      if (statement.kind != Statement::Kind::Call) continue;
      const Callable& callable = universe_.callables[statement.callable];
      const bool last = i + 1 == program_.statements.size();
      const bool is_receiver =
          std::any_of(program_.statements.begin(), program_.statements.end(),
                      [i](const Statement& other) { return other.receiver == i; });
      if (callable.kind == CallableKind::Fixture) {
        names_[i] = callable.name;
      } else if (callable.kind == CallableKind::Constructor && (last || is_receiver)) {
        std::string name = snake_case(callable.class_name);
        name_object(i, std::move(name), used);
      } else if (is_receiver) {
        name_object(i, snake_case(callable.returned_class), used);
      } else if (last && !returns_nothing(callable)) {
        names_[i] = "result";
      }
    }
  }

  void name_object(std::size_t i, std::string name, std::map<std::string, int>& used) {
    const bool reserved =
        std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
    if (reserved || name == universe_.alias) name = "instance";
    const int count = ++used[name];
    names_[i] = count == 1 ? name : name + "_" + std::to_string(count);
  }

  static bool returns_nothing(const Callable& callable) {
    return callable.name == "__setitem__" || callable.name == "__delitem__";
  }

  [[nodiscard]] std::string object_of(const Statement& statement) const {
    if (!statement.member.empty()) {
      return universe_.alias + "." + universe_.callables[statement.callable].class_name + "." +
             statement.member;
    }
    return statement.receiver == Statement::npos ? "None" : names_[statement.receiver];
  }

  [[nodiscard]] std::string expression(const Statement& statement) const {
    const Callable& callable = universe_.callables[statement.callable];
    std::string call;
    switch (callable.kind) {
      case CallableKind::Fixture:
        return callable.name;
      case CallableKind::Function:
      case CallableKind::Constructor:
      case CallableKind::StaticMethod:
      case CallableKind::ClassMethod:
        call = universe_.spelling(callable) + "(" + argument_list(statement) + ")";
        break;
      case CallableKind::Property:
        call = object_of(statement) + "." + callable.name;
        break;
      case CallableKind::Method:
        if (callable.name == "__setitem__" && statement.arguments.size() == 2) {
          return object_of(statement) + "[" + engine::render(statement.arguments[0]) +
                 "] = " + engine::render(statement.arguments[1]);
        }
        if (callable.name == "__delitem__" && statement.arguments.size() == 1) {
          return "del " + object_of(statement) + "[" + engine::render(statement.arguments[0]) + "]";
        }
        if (callable.name == "__hash__" && statement.receiver != Statement::npos) {
          // The number itself says nothing; that equal objects share it does.
          const Statement& made = program_.statements[statement.receiver];
          return "hash(" + object_of(statement) + ") == hash(" + expression(made) + ")";
        }
        call =
            is_operator_method(callable.name)
                ? operator_call(callable.name, object_of(statement), statement)
                : object_of(statement) + "." + callable.name + "(" + argument_list(statement) + ")";
        break;
    }
    if (!statement.sweep.empty()) {
      return "[" + call + " for " + engine::render(statement.arguments[0]) + " in " +
             engine::render(Value::container(ValueKind::List, statement.sweep)) + "]";
    }
    switch (callable.consumption) {
      case Consumption::Direct:
        return call;
      case Consumption::List:
        return call.starts_with("list(") ? call : "list(" + call + ")";
      case Consumption::Slice:
        return "[item for item, _ in zip(" + call + ", range(10))]";
      case Consumption::Await:
        return "asyncio.run(" + call + ")";
      case Consumption::AwaitList:
        return "asyncio.run(collect(" + call + "))";
      case Consumption::Enter:
        return "entered(" + call + ")";
      case Consumption::AwaitEnter:
        return "asyncio.run(entered_async(" + call + "))";
    }
    return call;
  }

  const TestProgram& program_;
  const Universe& universe_;
  std::vector<std::string> names_;
  std::map<std::string, int> used_;    // how often a name was given
  std::vector<std::string> fixtures_;  // the project's
};

}  // namespace

std::string RenderedProgram::source() const {
  return base::join(lines, "\n");
}

bool holds_word(std::string_view source, std::string_view word) {
  const auto part = [&](std::size_t at) {
    return at < source.size() &&
           (std::isalnum(static_cast<unsigned char>(source[at])) != 0 || source[at] == '_');
  };
  for (std::size_t at = source.find(word); at != std::string_view::npos;
       at = source.find(word, at + 1)) {
    if ((at == 0 || !part(at - 1)) && !part(at + word.size())) return true;
  }
  return false;
}

std::vector<std::string> fixtures_named(std::string_view source) {
  std::vector<std::string> out;
  for (const std::string_view fixture : {"tmp_path", "monkeypatch", "capsys", "caplog"}) {
    if (holds_word(source, fixture)) out.emplace_back(fixture);
  }
  return out;
}

std::size_t line_count(const TestProgram& program, const Universe& universe) {
  return static_cast<std::size_t>(
      std::count_if(program.statements.begin(), program.statements.end(),
                    [&](const Statement& statement) { return !is_fixture(statement, universe); }));
}

TestProgram with_named_arguments(TestProgram program) {
  program.named_arguments = ~std::uint64_t{0};
  return program;
}

RenderedProgram render_program(const TestProgram& program, const Universe& universe) {
  RenderedProgram out = Renderer(program, universe).render();
  if (const std::size_t callable = subject(program); callable < universe.callables.size()) {
    out.subject = universe.callables[callable].qualified_name;
  }
  return out;
}

std::size_t weight(const TestProgram& program) {
  std::size_t total = 0;
  for (const Statement& statement : program.statements) {
    total += 10;
    for (const Value& argument : statement.arguments) total += weight(argument);
    for (const auto& [keyword, value] : statement.keywords) total += 1 + weight(value);
    for (const Value& value : statement.sweep) total += weight(value);
    if (statement.kind == Statement::Kind::SetAttribute) total += weight(statement.value);
  }
  return total;
}

namespace {

// The callable's own parameter, or for what **kwargs takes, one of that name elsewhere in the
// module: options are handed on under their names.
const ParameterInfo* option_named(const std::string& name,
                                  const std::vector<ParameterInfo>& parameters,
                                  const Universe& universe) {
  for (const ParameterInfo& parameter : parameters) {
    if (parameter.name == name) return &parameter;
  }
  for (const Callable& callable : universe.callables) {
    for (const ParameterInfo& parameter : callable.parameters) {
      if (parameter.name == name && parameter.optional) return &parameter;
    }
  }
  return nullptr;
}

}  // namespace

std::size_t oddity(const TestProgram& program, const Universe& universe) {
  std::size_t total = 0;
  const auto judge = [&](const ParameterInfo& parameter, const Value& value) {
    TypeTag tag = tag_of(value);
    if (value.kind == ValueKind::Name && value.text.starts_with(universe.alias + ".")) {
      // It can be an enumeration's member or a class: no type can be read off it.
      const std::size_t found = universe.find(value.text.substr(universe.alias.size() + 1));
      const bool function = found < universe.callables.size() &&
                            universe.callables[found].kind == CallableKind::Function;
      if (!function) return;
      tag = TypeTag::Callable;
    }
    total += parameter.oddity[static_cast<std::size_t>(tag)];
  };
  for (const Statement& statement : program.statements) {
    if (statement.kind != Statement::Kind::Call) continue;
    const auto& parameters = universe.callables[statement.callable].parameters;
    for (std::size_t i = 0; i < statement.arguments.size() && i < parameters.size(); ++i) {
      if (parameters[i].kind == model::ParameterKind::VarPositional) break;
      const bool swept = i == 0 && !statement.sweep.empty();
      judge(parameters[i], swept ? statement.sweep.front() : statement.arguments[i]);
    }
    for (const auto& [name, value] : statement.keywords) {
      if (const ParameterInfo* parameter = option_named(name, parameters, universe)) {
        judge(*parameter, value);
      }
    }
  }
  return total;
}

bool erase_statement(TestProgram& program, std::size_t index) {
  if (index + 1 >= program.statements.size()) return false;
  for (std::size_t i = index + 1; i < program.statements.size(); ++i) {
    if (program.statements[i].receiver == index) return false;
  }
  program.statements.erase(program.statements.begin() + static_cast<std::ptrdiff_t>(index));
  for (Statement& statement : program.statements) {
    if (statement.receiver != Statement::npos && statement.receiver > index) --statement.receiver;
  }
  return true;
}

}  // namespace testgen::engine
