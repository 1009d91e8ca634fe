#include "engine/llm/gates.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "base/strings.h"
#include "engine/llm/allowed_modules.h"
#include "engine/llm/chunks.h"
#include "engine/llm/dotted_names.h"
#include "engine/llm/import_names.h"

namespace testgen::llm {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

constexpr std::size_t kMostLines = 60;
constexpr std::size_t kMostBytes = 8'000;

constexpr std::array kRunsText = std::to_array<std::string_view>(
    {"exec", "eval", "compile", "__import__", "breakpoint", "input", "globals"});
constexpr std::array kLeaves = std::to_array<std::string_view>(
    {"os.system", "os.popen", "os.kill", "os._exit", "os.abort", "os.fork", "os.execv", "os.spawnl",
     "os.posix_spawn", "os.startfile", "asyncio.create_subprocess_exec",
     "asyncio.create_subprocess_shell", "asyncio.open_connection", "asyncio.start_server"});
constexpr std::array kFiles = std::to_array<std::string_view>({"open",
                                                               "io.open",
                                                               "io.FileIO",
                                                               "codecs.open",
                                                               "pathlib.PosixPath",
                                                               "os.open",
                                                               "os.remove",
                                                               "os.unlink",
                                                               "os.rename",
                                                               "os.mkdir",
                                                               "os.makedirs",
                                                               "os.rmdir",
                                                               "os.chmod",
                                                               "os.chdir",
                                                               "pathlib.Path",
                                                               "Path",
                                                               "tempfile.mkdtemp",
                                                               "tempfile.mkstemp",
                                                               "tempfile.TemporaryDirectory",
                                                               "tempfile.NamedTemporaryFile",
                                                               "glob.glob"});
constexpr std::array kFileFixtures =
    std::to_array<std::string_view>({"tmp_path", "tmpdir", "tmp_path_factory"});
constexpr std::array kSkips = std::to_array<std::string_view>(
    {"pytest.skip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.xfail",
     "pytest.importorskip", "pytest.exit", "pytest.mark.usefixtures"});
// Ways around every list of names.
constexpr std::array kBehind = std::to_array<std::string_view>(
    {"__builtins__", "__globals__", "__subclasses__", "__loader__", "__spec__", "__import__",
     "__code__", "__bases__", "__mro__", "__closure__", "f_globals", "f_builtins", "f_back",
     "gi_frame", "tb_frame"});
constexpr std::array kByName =
    std::to_array<std::string_view>({"getattr", "setattr", "delattr", "vars"});
constexpr std::array kPatches = std::to_array<std::string_view>(
    {"setattr", "delattr", "patch", "object", "multiple", "setitem", "delitem"});

constexpr const char* kNotOfTheUnit = "it asserts what does not come from the unit";

template <class List>
bool holds(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string_view last_of(std::string_view dotted) {
  return dotted.substr(dotted.rfind('.') + 1);
}

// A list's entry with a point in it also ends longer names: "pathlib.os.system".
template <class List>
bool names(const List& list, std::string_view dotted) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view entry) {
    if (dotted == entry) return true;
    return entry.find('.') != std::string_view::npos && dotted.size() > entry.size() &&
           dotted.ends_with(entry) && dotted[dotted.size() - entry.size() - 1] == '.';
  });
}

// What a test may leave to its helpers: to touch the unit, and to look at what it is given.
struct Helpers {
  std::set<std::string> touching;
  std::set<std::string> asserting;
  bool operator==(const Helpers&) const = default;
};

class Gates {
 public:
  Gates(const SyntaxTree& tree, const Subject& subject, const Gap& gap,
        const std::vector<std::string>& modules, const Helpers& helpers)
      : tree_(tree), subject_(subject), gap_(gap), helpers_(helpers), names_(tree, modules) {
    touched_.insert(subject.plan->alias);
    for (Index i = 0; i < tree_.size(); ++i) {  // a call of a helper, or a fixture's parameter
      if (!is_name(i) || !helpers_.touching.contains(std::string(tree_.text(i)))) continue;
      touches_ = true;
      touched_.insert(std::string(tree_.text(i)));
    }
    if (const Index definition = definition_in(tree_); definition != kNoNode) {
      const Index fixtures = tree_.child(definition, Field::Parameters);
      if (fixtures != kNoNode) add_names(fixtures);  // they see what the unit did
    }
    for (const Index i : statements_with_unit()) add_names(i);
    // What a statement shares with one that touches the unit may carry its result; twice, so that
    // it goes through a variable in between.
    for (int round = 0; round < 2; ++round) {
      for (const Index i : all_statements()) {
        if (mentions(i, touched_)) add_names(i);
      }
    }
  }

  std::string run() {
    std::string reason;
    for (Index i = 0; i < tree_.size() && reason.empty(); ++i) {
      switch (tree_[i].kind) {
        case Kind::ImportStatement:
        case Kind::ImportFromStatement:
          reason = import(i);
          break;
        case Kind::ExceptClause:
          reason = handler(i);
          break;
        case Kind::Call:
          reason = call(i);
          break;
        case Kind::Attribute:
          reason = attribute(i);
          break;
        case Kind::Assignment:
        case Kind::AugmentedAssignment:
        case Kind::DeleteStatement:
          reason = assignment(i);
          break;
        case Kind::String:
          reason = text(i);
          break;
        case Kind::Identifier:
          if (holds(kBehind, tree_.text(i))) reason = kAround;
          break;
        case Kind::AssertStatement:
          reason = assertion(i);
          break;
        case Kind::FunctionDefinition:
          if (i == definition_in(tree_) && tree_.has_token(i, "async")) {
            reason = "it is a coroutine, which needs a plugin of the runner";
          }
          break;
        case Kind::GlobalStatement:
          reason = "it keeps state outside of itself";
          break;
        default:
          break;
      }
    }
    return reason;
  }

  [[nodiscard]] bool asserts() const { return asserts_; }
  [[nodiscard]] bool touches_unit() const { return touches_; }

 private:
  static constexpr const char* kStubs = "it stubs sys.modules";
  static constexpr const char* kAround = "it reaches around the names that it may use";

  [[nodiscard]] std::string text(Index i) const {
    const std::string_view content = tree_.text(i);
    if (content.find("sys.modules") != std::string_view::npos) return kStubs;
    const bool around = std::any_of(kBehind.begin(), kBehind.end(), [&](std::string_view name) {
      return content.find(name) != std::string_view::npos;
    });
    return around ? kAround : "";
  }

  [[nodiscard]] bool is_alias(Index i) const {
    return is_name(i) && tree_.text(i) == subject_.plan->alias;
  }

  [[nodiscard]] bool has_alias(Index node) const {
    for (Index i = node; i < tree_[node].end_index; ++i) {
      if (is_alias(i)) return true;
    }
    return false;
  }

  // Simple statements, and the heads of compound ones.
  [[nodiscard]] std::vector<Index> all_statements() const {
    std::vector<Index> out;
    for (Index i = 0; i < tree_.size(); ++i) {
      const Kind kind = tree_[i].kind;
      if (kind == Kind::ExpressionStatement || kind == Kind::WithClause || kind == Kind::Lambda ||
          kind == Kind::ReturnStatement || kind == Kind::DeleteStatement) {
        out.push_back(i);
      }
      if (kind == Kind::ForStatement || kind == Kind::ForInClause) out.push_back(i);
      // A function or class defined inside of the test is one piece: it may be handed to the unit,
      // or be one of its classes with a part replaced.
      const bool defines = kind == Kind::FunctionDefinition || kind == Kind::ClassDefinition;
      if (defines && i != definition_in(tree_)) out.push_back(i);
    }
    return out;
  }

  [[nodiscard]] std::vector<Index> statements_with_unit() {
    std::vector<Index> out;
    for (const Index i : all_statements()) {
      if (has_alias(i)) out.push_back(i);
    }
    for (Index i = 0; i < tree_.size(); ++i) {
      const Index object =
          tree_[i].kind == Kind::Attribute ? tree_.child(i, Field::Object) : kNoNode;
      if (object != kNoNode && is_alias(object)) touches_ = true;
    }
    return out;
  }

  [[nodiscard]] bool is_name(Index i) const {
    return tree_[i].kind == Kind::Identifier && tree_[i].field != Field::Attribute;
  }

  void add_names(Index node) {
    for (Index i = node; i < tree_[node].end_index; ++i) {
      if (is_name(i)) {
        touched_.insert(std::string(tree_.text(i)));
      }
    }
  }

  [[nodiscard]] bool mentions(Index node, const std::set<std::string>& names) const {
    for (Index i = node; i < tree_[node].end_index; ++i) {
      if (is_name(i) && names.contains(std::string(tree_.text(i))) && !is_common(tree_.text(i))) {
        return true;
      }
    }
    return false;
  }

  // Names that say nothing of where a value comes from.
  static bool is_common(std::string_view name) {
    constexpr std::array kCommon = std::to_array<std::string_view>(
        {"len",    "str",        "int",  "list",   "dict",  "set",  "tuple",
         "sorted", "isinstance", "type", "pytest", "range", "repr", "float",
         "bool",   "sum",        "min",  "max",    "any",   "all",  "abs"});
    return holds(kCommon, name);
  }

  std::string import(Index i) {
    for (Index part = tree_.first_child(i); part != kNoNode; part = tree_[part].next_sibling) {
      const bool from = tree_[part].field == Field::ModuleName;
      if (!from && tree_[part].field != Field::Name) continue;
      if (!from && tree_[i].kind == Kind::ImportFromStatement) continue;
      const Index name =
          tree_[part].kind == Kind::AliasedImport ? tree_.child(part, Field::Name) : part;
      if (name == kNoNode) continue;
      const std::string_view dotted = tree_.text(name);
      if (dotted.starts_with('.')) return "it imports relative to a package it is not in";
      if (dotted == subject_.plan->module_name) return "it imports the unit under another name";
      if (auto reason = why_not_importable(dotted, subject_); !reason.empty()) return reason;
    }
    return "";
  }

  [[nodiscard]] std::string handler(Index i) const {
    for (Index inner = i; inner < tree_[i].end_index; ++inner) {
      if (tree_[inner].kind == Kind::RaiseStatement) return "";
    }
    return "it swallows exceptions";
  }

  std::string call(Index i) {
    const Index function = tree_.child(i, Field::Function);
    const Index arguments = tree_.child(i, Field::Arguments);
    if (function == kNoNode || arguments == kNoNode) return "";
    const std::string name = names_.full(tree_.text(function));
    if (holds(kRunsText, name)) return "it runs text as code or waits for a person: " + name;
    if (names(kLeaves, name)) return "it reaches for the network or for other processes: " + name;
    if (name == "time.sleep") return "it sleeps";
    if (name == "exit" || name == "quit" || name == "sys.exit") return "it ends its process";
    if (name == "importlib.reload" || name == "importlib.import_module") {
      return "it imports the unit under another name or anew";
    }
    if (names(kFiles, name) && (!has_file_fixture() || names_a_place(arguments))) {
      return "it reaches for files: " + name;
    }
    if (holds(kByName, name) && reaches_around(arguments)) return kAround;
    if (last_of(name) == "suppress") return "it swallows exceptions";
    if (name == "pytest.raises" || name == "raises") return raises(arguments);
    if (helpers_.asserting.contains(name) && mentions(arguments, touched_)) asserts_ = true;
    if (name == "pytest.warns" || name == "pytest.fail" || last_of(name).starts_with("assert_")) {
      asserts_ = true;
    }
    if (holds(kPatches, last_of(name)) && patches_unit(arguments)) {
      return "it replaces the unit under test";
    }
    return "";
  }

  std::string raises(Index arguments) {
    const auto given = tree_.named_children(arguments);
    asserts_ = true;
    if (given.empty()) return "it accepts any exception";
    const std::string_view type = last_of(tree_.text(given[0]));
    const bool vague = type == "Exception" || type == "BaseException";
    if (vague && tree_.text(arguments).find("match") == std::string_view::npos) {
      return "it accepts any exception";
    }
    return "";
  }

  [[nodiscard]] bool has_file_fixture() const {
    for (Index i = 0; i < tree_.size(); ++i) {
      if (tree_[i].kind == Kind::Identifier && holds(kFileFixtures, tree_.text(i))) return true;
    }
    return false;
  }

  // `open("/etc/passwd")`: a fixture elsewhere does not make it better.
  [[nodiscard]] bool names_a_place(Index arguments) const {
    const auto given = tree_.named_children(arguments);
    if (given.empty() || tree_[given[0]].kind != Kind::String) return false;
    const std::string_view path = tree_.text(given[0]);
    const std::size_t quote = path.find_first_of("'\"");
    const std::size_t begin = path.find_first_not_of("'\"", quote);
    if (quote == std::string_view::npos || begin == std::string_view::npos) return false;
    const std::string_view inside = path.substr(begin);
    return inside.starts_with('/') || inside.starts_with('~') ||
           inside.find("..") != std::string_view::npos;
  }

  // getattr(os, "sys" + "tem"), vars(os): names of modules that the test does not spell out.
  [[nodiscard]] bool reaches_around(Index arguments) const {
    const auto given = tree_.named_children(arguments);
    if (given.empty()) return false;
    const std::string root(names_.full(tree_.text(given[0])));
    const bool module = names_.is_module(root) || root == subject_.plan->alias ||
                        root == subject_.plan->alias + ".os" ||
                        root == subject_.plan->alias + ".sys";
    if (!module) return false;
    if (given.size() < 2) return true;
    if (tree_[given[1]].kind != Kind::String) return true;
    std::string_view member = tree_.text(given[1]);
    while (!member.empty() && (member.front() == '"' || member.front() == '\'')) {
      member.remove_prefix(1);
    }
    while (!member.empty() && (member.back() == '"' || member.back() == '\'')) {
      member.remove_suffix(1);
    }
    const std::string dotted = root + "." + std::string(member);
    return names(kLeaves, dotted) || names(kFiles, dotted) || dotted.ends_with("sys.modules");
  }

  // The target's own name, or that of its class: what else is replaced may be what it talks to.
  [[nodiscard]] bool is_unit(std::string_view name) const {
    const std::string_view function = gap_.function;
    const std::size_t dot = function.find('.');
    return name == last_of(function) ||
           (dot != std::string_view::npos && name == function.substr(0, dot));
  }

  // setattr(cart, "total", …), patch("shop.cart.total"), patch.object(cart.Cart, "total").
  [[nodiscard]] bool patches_unit(Index arguments) const {
    const auto given = tree_.named_children(arguments);
    if (given.empty()) return false;
    const bool about_module = has_alias(given[0]);
    for (const Index argument : given) {
      if (tree_[argument].kind != Kind::String) continue;
      std::string_view named = tree_.text(argument);
      while (!named.empty() && (named.front() == '"' || named.front() == '\'')) {
        named.remove_prefix(1);
      }
      while (!named.empty() && (named.back() == '"' || named.back() == '\'')) {
        named.remove_suffix(1);
      }
      const bool dotted = named.find('.') != std::string_view::npos;
      return (about_module || dotted) && is_unit(last_of(named));
    }
    return false;
  }

  [[nodiscard]] std::string attribute(Index i) const {
    const std::string text = names_.full(tree_.text(i));
    if (text.ends_with("sys.modules")) return kStubs;
    if (text.ends_with("sys.settrace") || text.ends_with("sys.setprofile")) {
      return "it meddles with measuring";
    }
    if (names(kSkips, text)) return "it can be skipped: " + text;
    // Handed on rather than called.
    if (names(kLeaves, text)) return "it reaches for the network or for other processes: " + text;
    if (text.ends_with(".__dict__") && names_.is_module(text.substr(0, text.size() - 9))) {
      return kAround;
    }
    return "";
  }

  [[nodiscard]] std::string assignment(Index i) const {
    Index target = tree_.child(i, Field::Left);
    if (tree_[i].kind == Kind::DeleteStatement) target = i;
    if (target == kNoNode) return "";
    for (Index inner = target; inner < tree_[target].end_index; ++inner) {
      if (is_alias(inner)) return "it changes the module under test";
      const std::string_view text = tree_.text(inner);
      if (text == "sys.modules") return kStubs;
      if (tree_[inner].kind == Kind::Attribute &&
          (text == "os.environ" || text.starts_with("sys."))) {
        return "it changes its process for the tests after it";
      }
    }
    return "";
  }

  std::string assertion(Index i) {
    asserts_ = true;
    const auto parts = tree_.named_children(i);
    if (parts.empty()) return "it asserts nothing";
    // `assert a == a`
    if (tree_[parts[0]].kind == Kind::ComparisonOperator) {
      const auto sides = tree_.named_children(parts[0]);
      if (sides.size() == 2 && tree_.text(sides[0]) == tree_.text(sides[1])) {
        return "it asserts what is always so";
      }
    }
    if (tree_[parts[0]].kind == Kind::Tuple) return "it asserts what is always so";
    if (tree_[parts[0]].kind == Kind::BooleanOperator && parts_hold_true(parts[0])) {
      return "it asserts what is always so";
    }
    if (!mentions(parts[0], touched_)) return kNotOfTheUnit;
    return "";
  }

  // `… or True`
  [[nodiscard]] bool parts_hold_true(Index node) const {
    const auto parts = tree_.named_children(node);
    return tree_.has_token(node, "or") && std::any_of(parts.begin(), parts.end(), [&](Index part) {
             return tree_[part].kind == Kind::True;
           });
  }

  const SyntaxTree& tree_;
  const Subject& subject_;
  const Gap& gap_;
  const Helpers& helpers_;
  DottedNames names_;
  std::set<std::string> touched_;  // names that may carry what the unit did
  bool asserts_ = false;
  bool touches_ = false;
};

// What also holds for helpers: they run in the same process.
std::string judge(const std::string& text, const std::vector<std::string>& modules,
                  const Subject& subject, const Gap& gap, const base::Clock& clock,
                  const Helpers& helpers, bool is_test) {
  const auto tree = whole_tree(text, clock);
  if (!tree) return "it is not valid Python";
  Gates gates(*tree, subject, gap, modules, helpers);
  std::string reason = gates.run();
  if (!is_test) {
    // A helper gets what it asserts from the test.
    return reason == kNotOfTheUnit ? "" : reason;
  }
  if (!reason.empty()) return reason;
  if (!gates.touches_unit()) return "it touches nothing of the unit";
  if (!gates.asserts()) return "it asserts nothing";
  return "";
}

// The names that a helper defines: a function, a class, or variables.
std::set<std::string> defined_by(const SyntaxTree& tree) {
  const Index definition = definition_in(tree);
  if (definition != kNoNode) return {name_of(tree, definition)};
  std::set<std::string> out;
  for (Index i = 0; i < tree.size(); ++i) {
    const Index left = tree[i].kind == Kind::Assignment ? tree.child(i, Field::Left) : kNoNode;
    if (left != kNoNode && tree[left].kind == Kind::Identifier) {
      out.insert(std::string(tree.text(left)));
    }
  }
  return out;
}

// Helpers may call each other, in any order.
Helpers what_helpers_do(const ProposedTest& test, const Subject& subject, const Gap& gap,
                        const base::Clock& clock) {
  Helpers out;
  std::vector<SyntaxTree> trees;
  for (const std::string& helper : test.helpers) {
    if (auto tree = whole_tree(helper, clock)) trees.push_back(*std::move(tree));
  }
  for (std::size_t round = 0; round < trees.size(); ++round) {
    Helpers next = out;
    for (const SyntaxTree& tree : trees) {
      Gates gates(tree, subject, gap, test.modules, out);
      const bool sound = gates.run().empty();
      for (const std::string& name : defined_by(tree)) {
        if (gates.touches_unit()) next.touching.insert(name);
        if (sound && gates.asserts()) next.asserting.insert(name);
      }
    }
    if (next == out) break;
    out = std::move(next);
  }
  return out;
}

}  // namespace

std::string why_rejected(const ProposedTest& test, const Subject& subject, const Gap& gap,
                         const base::Clock& clock) {
  if (std::count(test.text.begin(), test.text.end(), '\n') >= std::ptrdiff_t{kMostLines} ||
      test.text.size() > kMostBytes) {
    return "it is longer than " + std::to_string(kMostLines) + " lines";
  }
  for (const std::string& module : test.modules) {
    if (auto reason = why_not_importable(module, subject); !reason.empty()) return reason;
  }
  const Helpers helpers = what_helpers_do(test, subject, gap, clock);
  for (const std::string& helper : test.helpers) {
    if (auto reason = judge(helper, test.modules, subject, gap, clock, helpers, false);
        !reason.empty()) {
      return "its helper: " + reason;
    }
  }
  return judge(test.text, test.modules, subject, gap, clock, helpers, true);
}

}  // namespace testgen::llm
