#include "analysis/python_model.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "analysis/literals.h"
#include "analysis/queries.h"
#include "analysis/signature.h"
#include "analysis/strings_python.h"
#include "analysis/usage.h"
#include "base/strings.h"

namespace testgen::analysis {
namespace {

using model::ClassModel;
using model::FunctionKind;
using model::FunctionModel;

// More names than this say nothing more, and hostile input must not make the search slow.
constexpr std::size_t kMaxNames = 500;

// Shorter lists are defaults more often than tables.
constexpr std::size_t kLeastEntries = 3;

void add_distinct(std::vector<std::string>& names, std::string_view name) {
  if (!name.empty() && names.size() < kMaxNames &&
      std::find(names.begin(), names.end(), name) == names.end()) {
    names.emplace_back(name);
  }
}

std::string_view last_part(std::string_view dotted) {
  return dotted.substr(dotted.rfind('.') + 1);
}

// "dataclass" of "dataclasses.dataclass(frozen=True)".
std::string_view decorator_name(std::string_view decorator) {
  return last_part(base::trim(decorator.substr(0, decorator.find('('))));
}

bool has_decorator(const std::vector<std::string>& decorators, std::string_view name) {
  return std::any_of(decorators.begin(), decorators.end(),
                     [&](const std::string& text) { return decorator_name(text) == name; });
}

class ModelBuilder {
 public:
  explicit ModelBuilder(const SyntaxTree& tree) : tree_(tree), owners_(tree) {}

  model::ModuleModel run() {
    const std::string& text = tree_.text();
    out_.line_count = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) +
                      (text.empty() || text.back() == '\n' ? 0U : 1U);
    out_.literals = collect_literals(tree_, 0);
    for (Index i = 0; i < tree_.size(); ++i) {
      const bool was_in_function = inside_function(i);
      owners_.advance(i);
      visit(i, was_in_function);
    }
    finish_classes();
    return std::move(out_);
  }

 private:
  // Whether the node lies in a function other than the one it defines.
  bool inside_function(Index i) {
    if (i < function_end_) return true;
    if (tree_[i].kind == Kind::FunctionDefinition) function_end_ = tree_[i].end_index;
    return false;
  }

  void visit(Index i, bool in_function) {
    switch (tree_[i].kind) {
      case Kind::FunctionDefinition:
        if (!in_function) add_function(i);
        break;
      case Kind::ClassDefinition:
        if (!in_function) add_class(i);
        break;
      case Kind::ImportStatement:
        for (const Index name : tree_.named_children(i)) add_import(i, imported_name(name));
        break;
      case Kind::ImportFromStatement: {
        const Index module = tree_.child(i, Field::ModuleName);
        if (module != kNoNode) add_import(i, tree_.text(module));
        break;
      }
      case Kind::Assignment:
      case Kind::AugmentedAssignment:
        note_assignment(i, in_function);
        break;
      case Kind::Call:
        if (!in_function) note_export_call(i);
        break;
      default:
        break;
    }
  }

  std::string_view imported_name(Index node) const {
    if (tree_[node].kind != Kind::AliasedImport) return tree_.text(node);
    const Index name = tree_.child(node, Field::Name);
    return name == kNoNode ? std::string_view() : tree_.text(name);
  }

  void add_import(Index statement, std::string_view module) {
    add_distinct(out_.imported_modules, module);
    for (Index i = statement; tree_[i].parent != kNoNode; i = tree_[i].parent) {
      const Index parent = tree_[i].parent;
      if (tree_[parent].kind == Kind::TryStatement && tree_[i].field == Field::Body &&
          catches_import_error(parent)) {
        add_distinct(out_.optional_imports, module);
        return;
      }
    }
  }

  bool catches_import_error(Index statement) {
    const auto known = import_guards_.find(statement);
    if (known != import_guards_.end()) return known->second;
    return import_guards_[statement] = has_import_handler(statement);
  }

  bool has_import_handler(Index statement) const {
    for (const Index clause : tree_.named_children(statement)) {
      if (tree_[clause].kind != Kind::ExceptClause) continue;
      const std::string_view head = tree_.text(clause).substr(0, tree_.text(clause).find(':'));
      for (const std::string_view name :
           {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}) {
        if (head.find(name) != std::string_view::npos) return true;
      }
      if (base::trim(head) == "except") return true;
    }
    return false;
  }

  std::vector<std::string> decorators_of(Index definition) const {
    std::vector<std::string> out;
    const Index parent = tree_[definition].parent;
    if (tree_[parent].kind != Kind::DecoratedDefinition) return out;
    for (const Index child : tree_.named_children(parent)) {
      if (tree_[child].kind != Kind::Decorator) continue;
      const std::vector<Index> expression = tree_.named_children(child);
      if (!expression.empty()) out.emplace_back(tree_.text(expression[0]));
    }
    return out;
  }

  void add_function(Index i) {
    const Index name = tree_.child(i, Field::Name);
    if (name == kNoNode) return;
    FunctionModel function;
    function.name = std::string(tree_.text(name));
    function.qualified_name = owners_.function();
    function.class_name = owners_.class_name();
    function.decorators = decorators_of(i);
    if (has_decorator(function.decorators, "overload")) return;
    // A setter adds nothing to call, but says that the attribute can be assigned.
    if (has_decorator(function.decorators, "setter")) {
      if (ClassModel* owner = class_named(function.class_name)) {
        add_distinct(owner->attributes, function.name);
      }
      return;
    }
    if (has_decorator(function.decorators, "deleter")) return;
    function.kind = kind_of(function);
    function.is_async = tree_.has_token(i, "async");
    const Index parameters = tree_.child(i, Field::Parameters);
    const bool bound =
        function.kind != FunctionKind::Function && function.kind != FunctionKind::StaticMethod;
    const std::string_view implicit = bound ? first_parameter(tree_, parameters) : "";
    function.parameters = collect_parameters(tree_, parameters, bound);
    if (const Index type = tree_.child(i, Field::ReturnType); type != kNoNode) {
      function.return_annotation = std::string(tree_.text(type));
    }
    const Index body = tree_.child(i, Field::Body);
    function.docstring = docstring_of(tree_, body);
    function.documented_raises = documented_raises(function.docstring);
    function.literals = collect_literals(tree_, i);
    function.first_line = tree_[i].line;
    function.last_line = tree_.last_line(i);
    judge_body(body, function);
    scan_body(body, function, implicit);
    collect_uses(tree_, body, implicit, function, class_named(function.class_name));
    if (ClassModel* owner = class_named(function.class_name)) {
      owner->methods.push_back(out_.functions.size());
      if (has_decorator(function.decorators, "abstractmethod")) owner->is_abstract = true;
    }
    out_.functions.push_back(std::move(function));
  }

  static FunctionKind kind_of(const FunctionModel& function) {
    if (function.class_name.empty()) return FunctionKind::Function;
    if (has_decorator(function.decorators, "staticmethod")) return FunctionKind::StaticMethod;
    if (has_decorator(function.decorators, "classmethod") || function.name == "__init_subclass__" ||
        function.name == "__class_getitem__") {
      return FunctionKind::ClassMethod;
    }
    if (has_decorator(function.decorators, "property") ||
        has_decorator(function.decorators, "cached_property")) {
      return FunctionKind::Property;
    }
    return FunctionKind::Method;
  }

  // Whether the body leaves the work to heirs.
  void judge_body(Index body, FunctionModel& function) const {
    if (body == kNoNode) return;
    std::size_t working = 0;
    std::size_t refusing = 0;
    for (const Index statement : tree_.named_children(body)) {
      const Kind kind = tree_[statement].kind;
      const bool idle = kind == Kind::PassStatement || is_docstring(tree_, statement) ||
                        base::trim(tree_.text(statement)) == "...";
      if (idle) continue;
      ++working;
      const bool refuses = kind == Kind::RaiseStatement &&
                           tree_.text(statement).find("NotImplementedError") != std::string::npos;
      refusing += refuses ? 1 : 0;
    }
    function.is_hook = working == 0;
    function.is_unimplemented = working == 1 && refusing == 1;
  }

  // What the statements of a function say: raises, calls, yields, attributes set on self.
  void scan_body(Index body, FunctionModel& function, std::string_view self) {
    if (body == kNoNode) return;
    ClassModel* owner = class_named(function.class_name);
    Index nested_end = 0;
    for (Index i = body; i < tree_[body].end_index; ++i) {
      const bool nested = i < nested_end;
      switch (tree_[i].kind) {
        case Kind::FunctionDefinition:
        case Kind::Lambda:
          nested_end = std::max(nested_end, tree_[i].end_index);
          break;
        case Kind::Yield:
          if (!nested) function.is_generator = true;
          break;
        case Kind::RaiseStatement:
          add_distinct(function.raised, raised_name(i));
          break;
        case Kind::Call:
          if (const Index callee = tree_.child(i, Field::Function); callee != kNoNode) {
            if (tree_[callee].kind == Kind::Identifier) {
              add_distinct(function.called_names, tree_.text(callee));
            } else if (tree_[callee].kind == Kind::Attribute) {
              add_distinct(function.called_names, last_part(tree_.text(callee)));
            }
          }
          break;
        case Kind::Attribute:
          if (owner != nullptr && !self.empty() && is_assigned(i)) {
            const Index object = tree_.child(i, Field::Object);
            const Index attribute = tree_.child(i, Field::Attribute);
            if (object != kNoNode && attribute != kNoNode && tree_.text(object) == self) {
              add_distinct(owner->attributes, tree_.text(attribute));
            }
          }
          break;
        default:
          break;
      }
    }
  }

  bool is_assigned(Index i) const {
    if (tree_[i].field == Field::Left) return true;
    const Kind parent = tree_[tree_[i].parent].kind;
    return parent == Kind::PatternList || parent == Kind::TuplePattern ||
           parent == Kind::ListPattern;
  }

  std::string_view raised_name(Index statement) const {
    const std::vector<Index> parts = tree_.named_children(statement);
    if (parts.empty()) return {};
    Index value = parts[0];
    if (tree_[value].kind == Kind::Call) value = tree_.child(value, Field::Function);
    if (value == kNoNode) return {};
    const Kind kind = tree_[value].kind;
    return kind == Kind::Identifier || kind == Kind::Attribute ? tree_.text(value)
                                                               : std::string_view();
  }

  void add_class(Index i) {
    ClassModel model;
    model.name = owners_.class_name();
    model.decorators = decorators_of(i);
    if (const Index bases = tree_.child(i, Field::Superclasses); bases != kNoNode) {
      for (const Index base : tree_.named_children(bases)) {
        if (tree_[base].kind == Kind::KeywordArgument) {
          if (last_part(tree_.text(base)) == "ABCMeta" ||
              tree_.text(base).find("ABCMeta") != std::string_view::npos) {
            model.is_abstract = true;
          }
          continue;
        }
        model.bases.emplace_back(tree_.text(base));
        if (last_part(tree_.text(base)) == "ABC") model.is_abstract = true;
      }
    }
    model.docstring = docstring_of(tree_, tree_.child(i, Field::Body));
    model.is_dataclass = has_decorator(model.decorators, "dataclass");
    model.first_line = tree_[i].line;
    model.last_line = tree_.last_line(i);
    class_index_[model.name] = out_.classes.size();
    out_.classes.push_back(std::move(model));
  }

  ClassModel* class_named(const std::string& name) {
    const auto found = class_index_.find(name);
    return found == class_index_.end() ? nullptr : &out_.classes[found->second];
  }

  // Enum and exception are inherited, also from classes of this module.
  void finish_classes() {
    const std::set<std::string_view> enums{"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"};
    for (ClassModel& model : out_.classes) {
      for (const std::string& base : model.bases) {
        const std::string_view name = last_part(base);
        if (enums.count(name) > 0) model.is_enum = true;
        for (const std::string_view ending : {"Exception", "Error", "Warning"}) {
          if (name.size() >= ending.size() && name.substr(name.size() - ending.size()) == ending) {
            model.is_exception = true;
          }
        }
        if (const ClassModel* parent = class_named(base); parent != nullptr && parent != &model) {
          model.is_enum = model.is_enum || parent->is_enum;
          model.is_exception = model.is_exception || parent->is_exception;
        }
      }
    }
  }

  void note_assignment(Index i, bool in_function) {
    if (in_function) return;
    const Index left = tree_.child(i, Field::Left);
    if (left == kNoNode) return;
    if (ClassModel* owner = class_named(owners_.class_name())) {
      if (tree_[left].kind == Kind::Identifier) add_distinct(owner->attributes, tree_.text(left));
      return;
    }
    const Index right = tree_.child(i, Field::Right);
    if (right == kNoNode) return;
    if (tree_.text(left) == "__all__") add_exports(right);
    if (owners_.class_name().empty()) note_table(i, left, right);
  }

  void note_table(Index assignment, Index left, Index right) {
    const std::string_view name = tree_.text(left);
    if (tree_[left].kind != Kind::Identifier || (name[0] == '_' && name != "__all__")) return;
    std::erase_if(out_.tables, [&](const model::TableModel& table) { return table.name == name; });
    const std::size_t entries = table_entries(tree_, right);
    if (entries < (name == "__all__" ? 1 : kLeastEntries) || out_.tables.size() >= kMaxNames)
      return;
    out_.tables.push_back(
        {std::string(name), entries, tree_[assignment].line, tree_.last_line(assignment)});
  }

  // __all__.append("x"), __all__.extend(["x"])
  void note_export_call(Index i) {
    const Index function = tree_.child(i, Field::Function);
    if (function == kNoNode || tree_.text(function).substr(0, 8) != "__all__.") return;
    add_exports(tree_.child(i, Field::Arguments));
  }

  void add_exports(Index values) {
    if (values == kNoNode) return;
    if (!out_.exported_names) out_.exported_names.emplace();
    for (Index i = values; i < tree_[values].end_index; ++i) {
      if (tree_[i].kind != Kind::String) continue;
      auto name = string_value(tree_, i);
      if (name && exported_.insert(*name).second) out_.exported_names->push_back(*std::move(name));
    }
  }

  const SyntaxTree& tree_;
  Owners owners_;
  model::ModuleModel out_;
  std::map<std::string, std::size_t, std::less<>> class_index_;
  std::map<Index, bool> import_guards_;
  std::set<std::string> exported_;
  Index function_end_ = 0;
};

}  // namespace

model::ModuleModel build_model(const SyntaxTree& tree) {
  return ModelBuilder(tree).run();
}

}  // namespace testgen::analysis
