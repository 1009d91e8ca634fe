#include "engine/explorer/environment_plan.h"

#include <algorithm>

#include "base/strings.h"

namespace testgen::engine {
namespace {

using Kind = EnvironmentNeed::Kind;

constexpr int kFullAnswers = 4;   // times a need is answered in every way there is
constexpr int kAnswers = 40;      // times it is answered at all
constexpr int kShapesAtOnce = 5;  // programs for one shape of a stand-in
constexpr std::size_t kMaxLines = 12;

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The last word of a parameter's name: "output_dir" is a dir.
std::string last_word(const std::string& name) {
  const std::string lower = base::to_lower(name);
  const std::size_t underscore = lower.rfind('_');
  return underscore == std::string::npos || underscore + 1 == lower.size()
             ? lower
             : lower.substr(underscore + 1);
}

bool names_folder(const std::string& name) {
  const std::string word = last_word(name);
  return one_of(word, {"dir", "directory", "folder", "root", "dirname", "basedir", "cwd"}) ||
         word.ends_with("dir");
}

bool names_file(const std::string& name) {
  const std::string word = last_word(name);
  return one_of(word, {"path", "filename", "filepath", "fname", "pathname", "file"}) ||
         word.ends_with("path") || word.ends_with("filename") || word.ends_with("file");
}

bool holds(const Value& value, std::string_view text) {
  return (value.kind == ValueKind::Name || value.kind == ValueKind::Call) &&
         (value.text.find(text) != std::string::npos ||
          std::any_of(value.items.begin(), value.items.end(),
                      [&](const Value& item) { return holds(item, text); }));
}

bool has_arrangement(const TestProgram& program, const std::string& key) {
  return std::any_of(
      program.statements.begin(), program.statements.end(), [&](const Statement& statement) {
        return statement.kind == Statement::Kind::Arrange && statement.attribute == key;
      });
}

void insert_front(TestProgram& program, const Arrangement& lines) {
  for (Statement& statement : program.statements) {
    if (statement.receiver != Statement::npos) statement.receiver += lines.size();
  }
  program.statements.insert(program.statements.begin(), lines.begin(), lines.end());
}

// The argument that goes to the parameter, or nothing when it is left out.
Value* argument_of(Statement& statement, const Callable& callable, const std::string& parameter) {
  for (auto& [name, value] : statement.keywords) {
    if (name == parameter) return &value;
  }
  for (std::size_t i = 0; i < callable.parameters.size() && i < statement.arguments.size(); ++i) {
    if (callable.parameters[i].kind == model::ParameterKind::VarPositional) break;
    if (callable.parameters[i].name == parameter) return &statement.arguments[i];
  }
  return nullptr;
}

// The parameter whose argument is that text.
std::string parameter_given(const Statement& statement, const Callable& callable,
                            const std::string& text, bool prefix) {
  const auto matches = [&](const Value& value) {
    if (value.kind != ValueKind::String && value.kind != ValueKind::Bytes) return false;
    if (!prefix) return value.text == text;
    return !value.text.empty() && text.starts_with(value.text + "/");
  };
  for (const auto& [name, value] : statement.keywords) {
    if (matches(value)) return name;
  }
  for (std::size_t i = 0; i < callable.parameters.size() && i < statement.arguments.size(); ++i) {
    if (callable.parameters[i].kind == model::ParameterKind::VarPositional) break;
    if (matches(statement.arguments[i])) return callable.parameters[i].name;
  }
  return {};
}

const model::Parameter* declared(const Callable& callable, const std::string& name) {
  if (callable.function == nullptr) return nullptr;
  for (const auto& parameter : callable.function->parameters) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

bool mentions(const std::optional<std::string>& annotation, std::string_view word) {
  return annotation && annotation->find(word) != std::string::npos;
}

}  // namespace

EnvironmentPlanner::EnvironmentPlanner(const Universe& universe, const model::ModuleModel& module,
                                       ValueFactory& values, base::Random& random)
    : universe_(universe), module_(module), values_(values), random_(random) {
  guess_paths();
  find_callees();
}

void EnvironmentPlanner::find_callees() {
  std::map<std::string, std::vector<std::size_t>> by_name;
  for (std::size_t i = 0; i < universe_.callables.size(); ++i) {
    by_name[universe_.callables[i].name].push_back(i);
  }
  callees_.resize(universe_.callables.size());
  for (std::size_t i = 0; i < universe_.callables.size(); ++i) {
    const auto* function = universe_.callables[i].function;
    if (function == nullptr) continue;
    for (const auto& name : function->called_names) {
      const auto found = by_name.find(name);
      if (found == by_name.end() || found->second.size() > 3) continue;
      callees_[i].insert(callees_[i].end(), found->second.begin(), found->second.end());
    }
  }
}

std::vector<EnvironmentNeed> EnvironmentPlanner::needs_of(std::size_t callable) const {
  std::vector<EnvironmentNeed> out;
  if (!any_needs_) return out;
  std::set<std::size_t> seen{callable};
  std::vector<std::size_t> level{callable};
  for (int depth = 0; depth < 4 && !level.empty(); ++depth) {
    std::vector<std::size_t> next;
    for (const std::size_t index : level) {
      if (const auto found = needs_.find(index); found != needs_.end()) {
        for (const EnvironmentNeed& need : found->second.others) {
          const bool known = std::any_of(
              out.begin(), out.end(), [&](const auto& other) { return other.key() == need.key(); });
          if (!known) out.push_back(need);
        }
      }
      for (const std::size_t callee : callees_[index]) {
        if (seen.insert(callee).second) next.push_back(callee);
      }
    }
    level = std::move(next);
  }
  return out;
}

// Annotations and names say which parameters take paths before any file has been opened.
void EnvironmentPlanner::guess_paths() {
  for (std::size_t i = 0; i < universe_.callables.size(); ++i) {
    const Callable& callable = universe_.callables[i];
    for (const ParameterInfo& parameter : callable.parameters) {
      const model::Parameter* source = declared(callable, parameter.name);
      const auto annotation = source != nullptr ? source->annotation : std::nullopt;
      PathNeed need;
      need.parameter = parameter.name;
      need.path = mentions(annotation, "Path");
      need.text = mentions(annotation, "str") && !need.path;
      need.folder = names_folder(parameter.name);
      const bool other = annotation && !need.path && !need.text;
      if (need.path || (!other && (need.folder || names_file(parameter.name)))) {
        needs_[i].paths.push_back(std::move(need));
      }
    }
  }
}

OptionContext EnvironmentPlanner::context(const TestProgram& program) {
  OptionContext out;
  out.alias = universe_.alias;
  out.callable = subject(program);
  out.random = &random_;
  const auto add = [&](const std::vector<Value>& values) {
    for (const Value& value : values) {
      if (value.kind == ValueKind::String && !value.text.empty() && value.text.size() <= 30 &&
          out.words.size() < 60) {
        out.words.push_back(value.text);
      }
    }
  };
  const Callable& callable = universe_.callables[out.callable];
  add(callable.constants);
  if (out.words.size() < 6) add(universe_.constants);
  for (int i = 0; i < 4; ++i) out.file_texts.push_back(file_content(callable).text);
  return out;
}

// What a file of this module's kind might hold.
Value EnvironmentPlanner::file_content(const Callable& callable) {
  std::vector<std::string> known{"first line\nsecond line\n", "abc"};
  const auto imports = [&](std::string_view name) {
    return std::any_of(
        module_.imported_modules.begin(), module_.imported_modules.end(),
        [&](const std::string& module) { return module.substr(0, module.find('.')) == name; });
  };
  if (imports("json")) known.insert(known.end(), {"{\"a\": 1}", "[1, 2]", "{}"});
  if (imports("csv")) known.insert(known.end(), {"a,b\n1,2\n3,4\n", "a;b\n"});
  if (imports("configparser")) known.insert(known.end(), {"[main]\nkey = value\n", "[a]\nb = 1\n"});
  if (imports("yaml")) known.insert(known.end(), {"key: value\n", "- 1\n- 2\n"});
  if (imports("toml") || imports("tomllib")) known.emplace_back("[main]\nkey = \"value\"\n");
  if (imports("xml")) known.emplace_back("<a><b c=\"1\">text</b></a>");
  if (random_.chance(0.55)) return Value::string(known[random_.below(known.size())]);
  Value first = values_.make_of(TypeTag::Str, {}, callable, 0);
  if (random_.chance(0.5)) {
    const Value second = values_.make_of(TypeTag::Str, {}, callable, 0);
    const char* joint[] = {"\n", "=", ": ", " = ", " "};
    first.text += joint[random_.below(std::size(joint))] + second.text + "\n";
  }
  return first;
}

bool EnvironmentPlanner::give_path(TestProgram& program, std::size_t statement,
                                   const PathNeed& need, bool writes) {
  Statement& call = program.statements[statement];
  const Callable& callable = universe_.callables[call.callable];
  Value* argument = argument_of(call, callable, need.parameter);
  if (argument == nullptr || holds(*argument, "tmp_path")) return false;
  OptionContext options = context(program);
  options.callable = call.callable;

  const double choice = random_.unit();
  std::string path;
  Arrangement lines;
  if (need.folder || (!need.seen && choice < 0.12)) {
    path = "tmp_path";
    if (choice > 0.3) {
      const char* names[] = {"a.txt", "data.json", "module.py", "notes.md", "config.ini"};
      std::string name = names[random_.below(std::size(names))];
      // A name that the code asks for may be among its texts.
      if (random_.chance(0.4) && !options.words.empty()) {
        const std::string& word = random_.pick(options.words);
        const bool plain = word.find('/') == std::string::npos && word != "." && word != ".." &&
                           word.find('\n') == std::string::npos &&
                           word.find('%') == std::string::npos;
        if (plain) name = (word.starts_with(".") && random_.chance(0.7) ? "a" : "") + word;
      }
      lines.push_back(arrange_line(options, "content",
                                   "(tmp_path / " + render_string(name) + ").write_text(",
                                   {file_content(callable)}));
    } else if (choice < 0.08) {
      path = "tmp_path / \"missing\"";
    }
  } else {
    const bool missing = choice > (writes ? 0.3 : 0.85);
    const char* names[] = {"input.txt", "a.txt", "data.json", "config.ini"};
    std::string name = missing ? (writes ? "out.txt" : "missing.txt") : names[0];
    if (!missing && random_.chance(0.2)) name = names[random_.below(std::size(names))];
    path = "tmp_path / \"" + name + "\"";
    if (!missing) {
      lines.push_back(
          arrange_line(options, "content", "(" + path + ").write_text(", {file_content(callable)}));
    }
  }
  const bool as_text = need.text || (!need.path && random_.chance(0.4));
  *argument = Value::name(as_text ? "str(" + path + ")" : path);
  if (program.statements.size() + lines.size() <= kMaxLines) insert_front(program, lines);
  return true;
}

void EnvironmentPlanner::prepare(TestProgram& program) {
  for (std::size_t i = 0; i < program.statements.size(); ++i) {
    if (program.statements[i].kind != Statement::Kind::Call) continue;
    const std::size_t callable = program.statements[i].callable;
    if (const auto found = needs_.find(callable); found != needs_.end()) {
      for (const PathNeed& need : found->second.paths) {
        const double trust = need.seen || need.path ? 0.92 : 0.5;
        const std::size_t before = program.statements.size();
        if (random_.chance(trust) && give_path(program, i, need, false)) {
          i += program.statements.size() - before;
        }
      }
    }
    for (const EnvironmentNeed& need : needs_of(callable)) {
      if (has_arrangement(program, need.key()) || program.statements.size() >= kMaxLines) continue;
      const auto options = options_for(need, context(program));
      if (options.empty() || !random_.chance(0.95)) continue;
      const Arrangement& chosen = options[random_.below(options.size())];
      insert_front(program, chosen);
      i += chosen.size();
    }
  }
}

std::vector<TestProgram> EnvironmentPlanner::arrange(const TestProgram& program,
                                                     const EnvironmentNeed& need) {
  std::vector<TestProgram> out;
  if (has_arrangement(program, need.key()) || program.statements.size() >= kMaxLines) return out;
  const std::size_t callable = subject(program);
  auto& known = needs_[callable].others;
  const bool fresh = std::none_of(known.begin(), known.end(), [&](const EnvironmentNeed& other) {
    return other.key() == need.key();
  });
  const auto options = options_for(need, context(program));
  if (options.empty()) return out;
  if (fresh) known.push_back(need);
  any_needs_ = true;
  const int answers = answered_[{callable, need.key()}]++;
  if (answers >= kAnswers) return out;
  const std::size_t count = answers < kFullAnswers ? options.size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    TestProgram copy = program;
    insert_front(copy, count == 1 ? options[random_.below(options.size())] : options[i]);
    out.push_back(std::move(copy));
  }
  return out;
}

std::vector<TestProgram> EnvironmentPlanner::respond_to_file(
    const TestProgram& program, const std::vector<std::string>& touched) {
  const auto part = [&](std::size_t i) { return i < touched.size() ? touched[i] : std::string(); };
  const std::string path = part(1);
  const std::string& mode = part(2);
  if (!part(3).empty()) {
    std::string rest = path.substr(std::min(path.size(), part(5).size()));
    while (rest.starts_with("/")) rest.erase(rest.begin());
    return arrange(program, {Kind::Constant, part(3), rest, part(5), part(4) == "text"});
  }
  const bool writes = mode.find_first_of("wax+") != std::string::npos;
  for (const bool prefix : {false, true}) {
    for (std::size_t i = 0; i < program.statements.size(); ++i) {
      const Statement& statement = program.statements[i];
      if (statement.kind != Statement::Kind::Call) continue;
      const Callable& callable = universe_.callables[statement.callable];
      const std::string parameter = parameter_given(statement, callable, path, prefix);
      if (parameter.empty()) continue;
      auto& paths = needs_[statement.callable].paths;
      auto known = std::find_if(paths.begin(), paths.end(),
                                [&](const PathNeed& need) { return need.parameter == parameter; });
      if (known == paths.end()) {
        PathNeed need;
        need.parameter = parameter;
        const model::Parameter* source = declared(callable, parameter);
        need.text = source != nullptr && mentions(source->annotation, "str");
        known = paths.insert(paths.end(), std::move(need));
      }
      known->seen = true;
      known->folder |= prefix;
      std::vector<TestProgram> out;
      if (answered_[{statement.callable, "path " + parameter}]++ >= kAnswers) return out;
      const PathNeed need = *known;
      for (int variant = 0; variant < 5; ++variant) {
        TestProgram copy = program;
        if (give_path(copy, i, need, writes)) out.push_back(std::move(copy));
      }
      return out;
    }
  }
  if (path.starts_with("/")) return {};
  // A path from where the process stands.
  return arrange(program, {Kind::Folder, path, {}, {}, false});
}

std::vector<TestProgram> EnvironmentPlanner::respond_to_shapes(const TestProgram& program,
                                                               const CandidateResult& result) {
  std::vector<TestProgram> out;
  for (const StubUse& use : result.stub_uses) {
    for (std::size_t i = 0; i < program.statements.size(); ++i) {
      const Statement& statement = program.statements[i];
      if (statement.stub != use.stub || statement.arguments.size() != 1) continue;
      const Value& value = statement.arguments.front();
      const bool answers_anything =
          value.text == "mock.MagicMock" && value.keywords.empty() && value.items.empty();
      const std::string shape =
          std::to_string(subject(program)) + use.stub + base::join(use.paths, " ");
      if (!answers_anything || !shapes_.insert(shape).second) continue;
      for (int variant = 0; variant < kShapesAtOnce; ++variant) {
        TestProgram copy = program;
        copy.statements[i].arguments = {shaped_stand_in(use.paths, context(program))};
        out.push_back(std::move(copy));
      }
    }
  }
  return out;
}

std::vector<TestProgram> EnvironmentPlanner::respond(const TestProgram& program,
                                                     const CandidateResult& result) {
  if (!result.stub_uses.empty()) return respond_to_shapes(program, result);
  if (result.outcome != CandidateOutcome::Discarded || result.touched.empty()) return {};
  const auto part = [&](std::size_t i) {
    return i < result.touched.size() ? result.touched[i] : std::string();
  };
  const std::string& kind = result.touched.front();
  if (kind == "file") return respond_to_file(program, result.touched);
  if (kind == "environment") return arrange(program, {Kind::Variable, part(1), {}, {}, false});
  if (kind == "whole environment") {
    return arrange(program, {Kind::Environment, {}, {}, {}, false});
  }
  if (kind == "call") return arrange(program, {Kind::Call, part(1), part(2), {}, false});
  if (kind == "outside" && !part(1).empty()) {
    return arrange(program, {Kind::Call, part(1), part(1), {}, false});
  }
  if (kind == "argv") return arrange(program, {Kind::Arguments, {}, {}, {}, false});
  if (kind == "folder") return arrange(program, {Kind::Folder, ".", {}, {}, false});
  if (kind == "stdin") return arrange(program, {Kind::Input, {}, {}, {}, false});
  if (kind == "tempfile") return arrange(program, {Kind::TemporaryFiles, {}, {}, {}, false});
  if (kind == "state" && !part(2).empty()) {
    return arrange(program, {Kind::State, part(2), part(1), part(3), false});
  }
  return {};
}

}  // namespace testgen::engine
