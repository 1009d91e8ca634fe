#include "analysis/usage.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

namespace testgen::analysis {
namespace {

constexpr std::size_t kMaxUses = 40;
constexpr int kMaxDepth = 4;  // of parentheses and calls of results

class UseCollector {
 public:
  UseCollector(const SyntaxTree& tree, std::string_view self, model::FunctionModel& function,
               model::ClassModel* owner)
      : tree_(tree), self_(self), owner_(owner) {
    for (auto& parameter : function.parameters) known_[parameter.name] = {&parameter.uses, ""};
  }

  void run(Index body) {
    learn_nested(body);
    for (Index i = body; i < tree_[body].end_index; ++i) {
      const Kind kind = tree_[i].kind;
      if (kind == Kind::Identifier) {
        note_identifier(i);
      } else if (kind == Kind::Attribute && owner_ != nullptr && !self_.empty()) {
        note_attribute_of_self(i);
      } else if (kind == Kind::ForStatement) {
        note_loop(i);
      } else if (kind == Kind::ListComprehension || kind == Kind::SetComprehension ||
                 kind == Kind::DictionaryComprehension || kind == Kind::GeneratorExpression) {
        // Its loops come after what they govern.
        for (const Index child : tree_.named_children(i)) {
          if (tree_[child].kind == Kind::ForInClause) note_loop(child);
        }
      }
    }
  }

 private:
  // Where the uses of a name go, and what stands before them: "each " for items of a parameter.
  struct Target {
    std::vector<std::string>* uses = nullptr;
    std::string prefix;
  };

  // What functions inside this one do with their own parameters, so that handing something on
  // to them says as much as doing it here.
  void learn_nested(Index body) {
    for (Index i = body + 1; i < tree_[body].end_index; ++i) {
      if (tree_[i].kind != Kind::FunctionDefinition) continue;
      const Index name = tree_.child(i, Field::Name);
      const Index inner = tree_.child(i, Field::Body);
      const Index list = tree_.child(i, Field::Parameters);
      if (name == kNoNode || inner == kNoNode || list == kNoNode || nested_.size() > 20) continue;
      model::FunctionModel function;
      for (const Index parameter : tree_.named_children(list)) {
        if (tree_[parameter].kind != Kind::Identifier) break;
        function.parameters.push_back({.name = std::string(tree_.text(parameter))});
      }
      UseCollector collector(tree_, {}, function, nullptr);
      for (Index k = inner; k < tree_[inner].end_index; ++k) {
        if (tree_[k].kind == Kind::Identifier) collector.note_identifier(k);
      }
      nested_[std::string(tree_.text(name))] = std::move(function.parameters);
    }
  }

  void note_identifier(Index i) {
    const auto found = known_.find(std::string(tree_.text(i)));
    if (found == known_.end()) return;
    const SyntaxNode& node = tree_[i];
    // A name after a dot or before an equals sign in a call is not the variable.
    if (node.field == Field::Attribute) return;
    if (node.field == Field::Name && tree_[node.parent].kind == Kind::KeywordArgument) return;
    if (node.field == Field::Left && tree_[node.parent].kind == Kind::Assignment) {
      known_.erase(found);  // from here on it is something else
      return;
    }
    add(found->second, i);
  }

  void note_attribute_of_self(Index i) {
    const Index object = tree_.child(i, Field::Object);
    const Index attribute = tree_.child(i, Field::Attribute);
    if (object == kNoNode || attribute == kNoNode || tree_.text(object) != self_) return;
    if (tree_[i].field == Field::Left) return;
    add({&owner_->attribute_uses[std::string(tree_.text(attribute))], ""}, i);
  }

  // `for item in items`: what is done with item is done with each of items.
  void note_loop(Index i) {
    const Index left = tree_.child(i, Field::Left);
    const Index right = tree_.child(i, Field::Right);
    if (left == kNoNode || right == kNoNode) return;
    const auto source = known_.find(std::string(tree_.text(right)));
    if (source == known_.end() || !source->second.prefix.empty()) return;
    if (tree_[left].kind == Kind::Identifier) {
      known_[std::string(tree_.text(left))] = {source->second.uses, "each "};
    } else if (const std::size_t count = names_bound(left); count > 1) {
      push(source->second, "each unpack:" + std::to_string(count));
    }
  }

  std::size_t names_bound(Index target) const {
    const Kind kind = tree_[target].kind;
    if (kind != Kind::PatternList && kind != Kind::TuplePattern && kind != Kind::ListPattern) {
      return 1;
    }
    for (const Index child : tree_.named_children(target)) {
      if (tree_[child].kind == Kind::ListSplatPattern) return 1;
    }
    return tree_.named_children(target).size();
  }

  void push(const Target& target, std::string use) {
    if (use.starts_with("arg:")) {
      const std::size_t colon = use.rfind(':');
      const auto known = nested_.find(use.substr(4, colon - 4));
      if (known != nested_.end()) {
        const auto place = static_cast<std::size_t>(std::atoi(use.c_str() + colon + 1));
        if (place >= known->second.size()) return;
        for (const std::string& inner : known->second[place].uses) {
          if (!inner.starts_with("arg:") ||
              !nested_.contains(inner.substr(4, inner.rfind(':') - 4)))
            push(target, inner);
        }
        return;
      }
    }
    use = target.prefix + use;
    auto& uses = *target.uses;
    if (uses.size() >= kMaxUses || use.size() > 80) return;
    if (std::find(uses.begin(), uses.end(), use) == uses.end()) uses.push_back(std::move(use));
  }

  void add(const Target& target, Index i) {
    std::string use = use_of(i);
    if (!use.empty()) push(target, std::move(use));
  }

  // What the surroundings of an expression do with its value; empty when that says nothing.
  std::string use_of(Index i, int depth = 0) const {
    const SyntaxNode& node = tree_[i];
    const Index parent = node.parent;
    if (parent == kNoNode || depth > kMaxDepth) return {};
    switch (tree_[parent].kind) {
      case Kind::ParenthesizedExpression:
        return use_of(parent, depth + 1);
      case Kind::Attribute:
        return node.field == Field::Object ? attribute_use(parent) : std::string();
      case Kind::Call:
        return node.field == Field::Function ? call_use(parent, depth) : std::string();
      case Kind::ArgumentList:
      case Kind::KeywordArgument:
        return argument_use(i);
      case Kind::Subscript:
        return subscript_use(parent, i);
      case Kind::ForStatement:
      case Kind::ForInClause:
        return node.field == Field::Right ? "iter" : "";
      case Kind::ListSplat:
        return "iter";
      case Kind::DictionarySplat:
        return "mapping";
      case Kind::WithItem:
        return "with";
      case Kind::Await:
        return "await";
      case Kind::BinaryOperator:
        return operator_use(parent, i);
      case Kind::UnaryOperator:
        return "number";
      case Kind::AugmentedAssignment:
        return node.field == Field::Left ? literal_kind(tree_.child(parent, Field::Right)) : "";
      case Kind::ComparisonOperator:
        return comparison_use(parent, i);
      case Kind::Assignment: {
        if (node.field != Field::Right) return {};
        const Index left = tree_.child(parent, Field::Left);
        if (left == kNoNode) return {};
        if (const std::size_t count = names_bound(left); count > 1) {
          return "unpack:" + std::to_string(count);
        }
        if (tree_[left].kind == Kind::Attribute && !self_.empty() &&
            tree_.text(tree_.child(left, Field::Object)) == self_) {
          return "store:" + std::string(tree_.text(tree_.child(left, Field::Attribute)));
        }
        return {};
      }
      default:
        return {};
    }
  }

  std::string attribute_use(Index attribute) const {
    const Index name = tree_.child(attribute, Field::Attribute);
    if (name == kNoNode) return {};
    const SyntaxNode& node = tree_[attribute];
    const bool called = node.field == Field::Function && tree_[node.parent].kind == Kind::Call;
    return "." + std::string(tree_.text(name)) + (called ? "()" : "");
  }

  // "call:2", or "call:2 unpack:2" when something is done with the result.
  std::string call_use(Index call, int depth) const {
    const Index arguments = tree_.child(call, Field::Arguments);
    if (arguments == kNoNode) return {};
    if (tree_[arguments].kind != Kind::ArgumentList) return "call:1";
    std::size_t count = 0;
    for (const Index argument : tree_.named_children(arguments)) {
      const Kind kind = tree_[argument].kind;
      if (kind == Kind::ListSplat || kind == Kind::DictionarySplat) return "call:*";
      if (kind != Kind::KeywordArgument) ++count;
    }
    std::string out = "call:" + std::to_string(count);
    const std::string result = use_of(call, depth + 1);
    const bool telling = !result.empty() && !result.starts_with("store:");
    return telling && result.size() < 40 ? out + " " + result : out;
  }

  std::string argument_use(Index i) const {
    Index argument = i;
    std::string place;
    if (tree_[tree_[i].parent].kind == Kind::KeywordArgument) {
      argument = tree_[i].parent;
      place = std::string(tree_.text(tree_.child(argument, Field::Name)));
    }
    const Index list = tree_[argument].parent;
    const Index call = tree_[list].parent;
    if (tree_[list].kind != Kind::ArgumentList || tree_[call].kind != Kind::Call) return {};
    const Index callee = tree_.child(call, Field::Function);
    if (callee == kNoNode) return {};
    if (place.empty()) {
      std::size_t position = 0;
      for (const Index child : tree_.named_children(list)) {
        if (child == argument) break;
        if (tree_[child].kind == Kind::ListSplat) return {};
        ++position;
      }
      place = std::to_string(position);
    }
    std::string name(tree_.text(callee));
    if (!self_.empty() && name.starts_with(std::string(self_) + ".")) {
      name = name.substr(self_.size());  // ".method"
    }
    const bool plain = name.size() < 40 && name.find_first_of("()[]{}\"' \n") == std::string::npos;
    return plain ? "arg:" + name + ":" + place : std::string();
  }

  std::string subscript_use(Index subscript, Index i) const {
    if (tree_[i].field != Field::Value) return "index";
    for (const Index child : tree_.named_children(subscript)) {
      if (child == tree_.child(subscript, Field::Value)) continue;
      const std::string_view text = tree_.text(child);
      const std::string literal = literal_kind(child);
      if (literal == "str") return "[str]";
      if (literal == "number") return "[int]";
      if (text.find(':') != std::string_view::npos) return "[slice]";
      return "[]";
    }
    return {};
  }

  // "number", "str", "bytes", "list" or "none" for a literal, else nothing.
  std::string literal_kind(Index i) const {
    if (i == kNoNode) return {};
    switch (tree_[i].kind) {
      case Kind::Integer:
      case Kind::Float:
        return "number";
      case Kind::UnaryOperator: {
        const auto parts = tree_.named_children(i);
        return parts.size() == 1 ? literal_kind(parts[0]) : std::string();
      }
      case Kind::String:
      case Kind::ConcatenatedString: {
        const std::string_view text = tree_.text(i);
        const std::size_t quote = text.find_first_of("\"'");
        const bool raw = text.substr(0, quote).find_first_of("bB") != std::string_view::npos;
        return raw ? "bytes" : "str";
      }
      case Kind::List:
      case Kind::Tuple:
        return "list";
      default:
        return {};
    }
  }

  std::string operator_use(Index operation, Index i) const {
    const Index left = tree_.child(operation, Field::Left);
    const Index right = tree_.child(operation, Field::Right);
    if (left == kNoNode || right == kNoNode) return {};
    std::string sign;
    for (Index c = tree_.first_child(operation); c != kNoNode; c = tree_[c].next_sibling) {
      if (tree_[c].kind == Kind::Token) sign = std::string(tree_.text(c));
    }
    const std::string other = literal_kind(i == left ? right : left);
    if (sign == "+") return other;
    if (sign == "*") return other == "str" || other == "list" ? "number" : "times";
    if (sign == "%") return i == left || other == "number" ? "number" : "";
    return "number";
  }

  std::string comparison_use(Index comparison, Index i) const {
    Index other = kNoNode;
    std::string sign;
    bool left = true;
    for (Index c = tree_.first_child(comparison); c != kNoNode; c = tree_[c].next_sibling) {
      if (c == i) {
        left = sign.empty();
      } else if (tree_[c].field == Field::Operators) {
        sign = std::string(tree_.text(c));
      } else if (tree_[c].kind != Kind::Token) {
        other = c;
      }
    }
    if (sign == "in" || sign == "not in") return left ? "" : "contains";
    const std::string literal = literal_kind(other);
    if (!literal.empty()) return literal;
    return sign == "<" || sign == ">" || sign == "<=" || sign == ">=" ? "ordered" : "";
  }

  const SyntaxTree& tree_;
  std::string_view self_;
  model::ClassModel* owner_;
  std::map<std::string, Target> known_;
  std::map<std::string, std::vector<model::Parameter>> nested_;
};

}  // namespace

void collect_uses(const SyntaxTree& tree, Index body, std::string_view self,
                  model::FunctionModel& function, model::ClassModel* owner) {
  if (body == kNoNode) return;
  UseCollector(tree, self, function, owner).run(body);
}

}  // namespace testgen::analysis
