#include "engine/llm/import_names.h"

#include <algorithm>

#include "base/strings.h"

namespace testgen::llm {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

// Identifiers below a target of an assignment, a loop or `as`, but not what it is an attribute of.
void add_targets(const SyntaxTree& tree, Index target, std::set<std::string>& out) {
  if (target == kNoNode) return;
  const Kind kind = tree[target].kind;
  if (kind == Kind::Identifier) {
    out.insert(std::string(tree.text(target)));
    return;
  }
  if (kind == Kind::Attribute || kind == Kind::Subscript) return;
  for (const Index part : tree.named_children(target)) add_targets(tree, part, out);
}

bool is_parameter_list(Kind kind) {
  return kind == Kind::Parameters || kind == Kind::LambdaParameters;
}

void add_parameter(const SyntaxTree& tree, Index node, std::set<std::string>& out) {
  const Kind kind = tree[node].kind;
  if (kind == Kind::Identifier) out.insert(std::string(tree.text(node)));
  if (kind == Kind::DefaultParameter || kind == Kind::TypedDefaultParameter) {
    add_targets(tree, tree.child(node, Field::Name), out);
  }
  if (kind == Kind::TypedParameter || kind == Kind::ListSplatPattern ||
      kind == Kind::DictionarySplatPattern) {
    for (const Index part : tree.named_children(node)) {
      if (tree[part].kind != Kind::Type) add_targets(tree, part, out);
    }
  }
}

std::string last_of(const std::string& dotted) {
  return dotted.substr(dotted.rfind('.') + 1);
}

bool is_local_import(const SyntaxTree& tree, Index node) {
  return tree[node].kind == Kind::ImportStatement || tree[node].kind == Kind::ImportFromStatement;
}

}  // namespace

std::set<std::string> bound_names(const SyntaxTree& tree) {
  std::set<std::string> out;
  for (Index i = 0; i < tree.size(); ++i) {
    switch (tree[i].kind) {
      case Kind::Assignment:
      case Kind::AugmentedAssignment:
      case Kind::ForStatement:
      case Kind::ForInClause:
        add_targets(tree, tree.child(i, Field::Left), out);
        break;
      case Kind::NamedExpression:
        add_targets(tree, tree.child(i, Field::Name), out);
        break;
      case Kind::AsPatternTarget:
        add_targets(tree, i, out);
        for (const Index part : tree.named_children(i)) add_targets(tree, part, out);
        break;
      case Kind::FunctionDefinition:
      case Kind::ClassDefinition:
        add_targets(tree, tree.child(i, Field::Name), out);
        break;
      case Kind::Parameters:
      case Kind::LambdaParameters:
        for (const Index part : tree.named_children(i)) add_parameter(tree, part, out);
        break;
      case Kind::ImportStatement:
      case Kind::ImportFromStatement:
        for (Index part = tree.first_child(i); part != kNoNode; part = tree[part].next_sibling) {
          if (tree[part].field != Field::Name) continue;
          const Index alias =
              tree[part].kind == Kind::AliasedImport ? tree.child(part, Field::Alias) : part;
          if (alias == kNoNode) continue;
          const std::string name(tree.text(alias));
          out.insert(name.substr(0, name.find('.')));
        }
        break;
      default:
        break;
    }
  }
  return out;
}

ImportNames::ImportNames(const Subject& subject) : subject_(subject) {
  // What the model forgot to import of the module under test.
  const std::string& alias = subject.plan->alias;
  for (const auto& function : subject.module->functions) {
    if (function.class_name.empty()) meanings_[function.name] = {alias + "." + function.name, ""};
  }
  for (const auto& kind : subject.module->classes) {
    if (kind.name.find('.') == std::string::npos)
      meanings_[kind.name] = {alias + "." + kind.name, ""};
  }
}

void ImportNames::bind(const std::string& name, const std::string& dotted,
                       const std::string& module) {
  const std::string& own = subject_.plan->module_name;
  const std::string& alias = subject_.plan->alias;
  if (dotted == own) {
    meanings_[name] = {alias, "", true};
  } else if (dotted.starts_with(own + ".")) {
    meanings_[name] = {alias + dotted.substr(own.size()), "", true};
  } else {
    meanings_[name] = {dotted, module, true};
  }
}

void ImportNames::learn(const SyntaxTree& tree) {
  for (const Index i : tree.named_children(0)) {
    if (!is_local_import(tree, i)) continue;
    const bool from = tree[i].kind == Kind::ImportFromStatement;
    std::string module;
    if (from) {
      const Index node = tree.child(i, Field::ModuleName);
      if (node == kNoNode) continue;
      module = std::string(tree.text(node));
      // A relative import means something in or beside the module's own package.
      if (module.starts_with('.')) {
        const std::size_t dots = std::min(module.find_first_not_of('.'), module.size());
        module = last_of(module.substr(dots)) == last_of(subject_.plan->module_name)
                     ? subject_.plan->module_name
                     : module.substr(dots);
      }
    }
    for (Index part = tree.first_child(i); part != kNoNode; part = tree[part].next_sibling) {
      if (tree[part].field != Field::Name) continue;
      std::string name;
      std::string given;
      if (tree[part].kind == Kind::AliasedImport) {
        const Index real = tree.child(part, Field::Name);
        const Index alias = tree.child(part, Field::Alias);
        if (real == kNoNode || alias == kNoNode) continue;
        name = tree.text(real);
        given = tree.text(alias);
      } else {
        name = tree.text(part);
      }
      if (from) {
        const std::string dotted = module.empty() ? name : module + "." + name;
        bind(given.empty() ? name : given, dotted, module);
      } else if (!given.empty()) {
        bind(given, name, name);
      } else if (name != subject_.plan->module_name || name.find('.') == std::string::npos) {
        // `import a.b` binds a; what follows is written out already.
        bind(name.substr(0, name.find('.')),
             name.find('.') == std::string::npos ? name : name.substr(0, name.find('.')), name);
      }
    }
  }
}

void ImportNames::learn_definition(const std::string& name, const SyntaxTree& code) {
  const auto guessed = meanings_.find(name);
  if (guessed == meanings_.end() || guessed->second.told) return;
  for (Index i = 0; i < code.size(); ++i) {
    if (code[i].kind != Kind::Identifier || code[i].field == Field::Attribute) continue;
    const auto used = meanings_.find(std::string(code.text(i)));
    const bool of_unit =
        used != meanings_.end() && used->second.told && used->second.module.empty();
    if (!of_unit && code.text(i) != subject_.plan->alias) continue;
    meanings_.erase(guessed);
    return;
  }
}

std::string ImportNames::resolve(const SyntaxTree& tree, std::set<std::string>& modules) const {
  const std::set<std::string> own = bound_names(tree);
  const std::string& full = subject_.plan->module_name;
  const std::string& alias = subject_.plan->alias;
  struct Edit {
    std::uint32_t start;
    std::uint32_t end;
    std::string text;
  };
  std::vector<Edit> edits;
  for (Index i = 0; i < tree.size(); ++i) {
    const analysis::SyntaxNode& node = tree[i];
    if (is_local_import(tree, i)) {  // it stays as it is
      i = node.end_index - 1;
      continue;
    }
    // shop.cart.total, where the file has `import shop.cart`.
    if (node.kind == Kind::Attribute && full.find('.') != std::string::npos &&
        tree.text(i) == full) {
      edits.push_back({node.start, node.end, alias});
      i = node.end_index - 1;
      continue;
    }
    if (node.kind != Kind::Identifier || node.field == Field::Attribute) continue;
    const Kind parent = node.parent == kNoNode ? Kind::Module : tree[node.parent].kind;
    if (parent == Kind::KeywordArgument && node.field == Field::Name) continue;
    if (is_parameter_list(parent)) continue;
    const std::string name(tree.text(i));
    const auto meaning = meanings_.find(name);
    if (meaning == meanings_.end() || own.contains(name)) continue;
    if (!meaning->second.module.empty()) modules.insert(meaning->second.module);
    if (meaning->second.text != name) edits.push_back({node.start, node.end, meaning->second.text});
  }
  std::string out;
  std::uint32_t at = 0;
  for (const Edit& edit : edits) {
    out += tree.text().substr(at, edit.start - at) + edit.text;
    at = edit.end;
  }
  return out + tree.text().substr(at);
}

}  // namespace testgen::llm
