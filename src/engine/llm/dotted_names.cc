#include "engine/llm/dotted_names.h"

namespace testgen::llm {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

std::string_view first_part(std::string_view dotted) {
  return dotted.substr(0, dotted.find('.'));
}

}  // namespace

DottedNames::DottedNames(const SyntaxTree& tree, const std::vector<std::string>& modules) {
  for (const std::string& module : modules) {
    modules_.insert(module);
    modules_.emplace(first_part(module));
  }
  for (Index i = 0; i < tree.size(); ++i) {
    const bool from = tree[i].kind == Kind::ImportFromStatement;
    if (!from && tree[i].kind != Kind::ImportStatement) continue;
    std::string module;
    if (const Index named = tree.child(i, Field::ModuleName); from && named != kNoNode) {
      module = std::string(tree.text(named)) + ".";
    }
    for (Index part = tree.first_child(i); part != kNoNode; part = tree[part].next_sibling) {
      if (tree[part].field != Field::Name) continue;
      const bool aliased = tree[part].kind == Kind::AliasedImport;
      const Index name = aliased ? tree.child(part, Field::Name) : part;
      const Index alias = aliased ? tree.child(part, Field::Alias) : kNoNode;
      if (name == kNoNode) continue;
      const std::string dotted = module + std::string(tree.text(name));
      if (!from) {
        modules_.insert(dotted);
        modules_.emplace(first_part(dotted));
      }
      if (alias != kNoNode) {
        meanings_[std::string(tree.text(alias))] = dotted;
      } else if (from) {
        meanings_[std::string(tree.text(name))] = dotted;
      }
    }
  }
}

std::string DottedNames::full(std::string_view text) const {
  const std::string_view first = first_part(text);
  const auto known = meanings_.find(first);
  if (known == meanings_.end()) return std::string(text);
  return known->second + std::string(text.substr(first.size()));
}

bool DottedNames::is_module(std::string_view dotted) const {
  return modules_.contains(dotted);
}

}  // namespace testgen::llm
