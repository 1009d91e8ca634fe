#include "scan/fix/propose.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/strings.h"

namespace testgen::scan {
namespace {

using ir::Id;
using ir::kNone;
using ir::Op;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_literal(Op op) {
  return op == Op::String || op == Op::Number || op == Op::True || op == Op::False ||
         op == Op::Null;
}

class Proposal {
 public:
  Proposal(const Tree& tree, const ir::Module& module, Id at)
      : tree_(tree), module_(module), at_(at) {}

  std::optional<ByteEdit> edit(const Rewrite& rewrite) const {
    if (rewrite.what == Rewrite::What::Add) return added(rewrite);
    if (rewrite.at == Rewrite::At::Callee) {
      const CstIndex callee = callee_of(call_node());
      if (callee == kNoCst) return std::nullopt;
      const CstNode& node = tree_[callee];
      if (rewrite.what == Rewrite::What::Rename) return renamed(rewrite, node.start, node.end);
      return ByteEdit{node.start, node.end, rewrite.text};
    }
    Id target = rewrite.at == Rewrite::At::Argument ? argument(rewrite.argument) : value();
    if (target == kNone) return std::nullopt;
    if (rewrite.what == Rewrite::What::Rename) {
      while (is_call(target)) target = module_.kid(target, 0);
      return renamed(rewrite, module_[target].start, module_[target].end);
    }
    return written(rewrite, module_[target]);
  }

 private:
  bool is_call(Id id) const { return module_[id].op == Op::Call || module_[id].op == Op::New; }

  // What is assigned, or stands behind a key; else the place itself.
  Id value() const {
    const ir::Node& node = module_[at_];
    if (node.op == Op::Assign || node.op == Op::Pair) return module_.kid(at_, 1);
    if (node.op == Op::KeyArg) return module_.kid(at_, 0);
    return at_;
  }

  // The one argument that is meant; kNone when it is not there, or is there twice.
  Id argument(const Selector& selector) const {
    if (!is_call(at_)) return kNone;
    Id found = kNone;
    int position = 0;
    for (std::uint32_t i = 1; i < module_[at_].count; ++i) {
      const Id kid = module_.kid(at_, i);
      const ir::Node& node = module_[kid];
      if (node.op == Op::Spread) return kNone;
      const bool named = node.op == Op::KeyArg;
      const bool meant = named ? std::find(selector.names.begin(), selector.names.end(),
                                           node.text) != selector.names.end()
                               : position == selector.position;
      if (!named) ++position;
      if (!meant) continue;
      if (found != kNone) return kNone;
      found = named ? module_.kid(kid, 0) : kid;
    }
    return found;
  }

  std::string_view source(std::uint32_t start, std::uint32_t end) const {
    return tree_.text().substr(start, end - start);
  }

  std::optional<ByteEdit> written(const Rewrite& rewrite, const ir::Node& target) const {
    const std::string_view old = source(target.start, target.end);
    if (old.empty()) return std::nullopt;
    if (rewrite.text.find("{}") != std::string::npos) {
      return ByteEdit{target.start, target.end,
                      base::replace_all(rewrite.text, "{}", std::string(old))};
    }
    // A value that has a name is used elsewhere, too, and its name would lie.
    if (!is_literal(target.op)) return std::nullopt;
    if (target.op == Op::String && std::string_view("'\"`").find(old.back()) == std::string::npos) {
      return std::nullopt;
    }
    return ByteEdit{target.start, target.end, rewrite.text};
  }

  // Only behind a dot: a name alone came by an import, and a new one would come by none. Names of C
  // are in no module.
  std::optional<ByteEdit> renamed(const Rewrite& rewrite, std::uint32_t start,
                                  std::uint32_t end) const {
    std::uint32_t begin = end;
    while (begin > start && is_word(tree_.text()[begin - 1])) --begin;
    const char before = begin > 0 ? tree_.text()[begin - 1] : '\0';
    const Language language = module_.language;
    const bool global = language == Language::C || language == Language::Cpp;
    if (!global && before != '.' && before != ':' && before != '>') return std::nullopt;
    for (const auto& [old, name] : rewrite.names) {
      if (source(begin, end) == old) return ByteEdit{begin, end, name};
    }
    return std::nullopt;
  }

  std::optional<ByteEdit> added(const Rewrite& rewrite) const {
    const CstIndex call = call_node();
    if (call == kNoCst) return std::nullopt;
    const CstIndex list = arguments_of(call);
    if (list == kNoCst || tree_.kind(list) == "generator_expression") return std::nullopt;
    const char closing = tree_.text(list).empty() ? '\0' : tree_.text(list).back();
    if (closing != ')' && closing != '}') return std::nullopt;
    if (rewrite.at == Rewrite::At::Argument) {
      for (std::uint32_t i = 1; i < module_[at_].count; ++i) {
        const Op op = module_[module_.kid(at_, i)].op;
        if (op == Op::KeyArg || op == Op::Spread) return std::nullopt;
      }
      if (static_cast<int>(module_[at_].count) - 1 != rewrite.argument.position) {
        return std::nullopt;
      }
    }
    CstIndex last = kNoCst;
    for (CstIndex c = tree_.first_named(list); c != kNoCst; c = tree_.next_named(c)) last = c;
    if (last == kNoCst) return ByteEdit{tree_[list].end - 1, tree_[list].end - 1, rewrite.text};
    return ByteEdit{tree_[last].end, tree_[last].end, ", " + rewrite.text};
  }

  // The syntax of the call: the innermost node of just these bytes that has a callee.
  CstIndex call_node() const {
    if (!is_call(at_)) return kNoCst;
    const ir::Node& wanted = module_[at_];
    CstIndex found = kNoCst;
    for (CstIndex i = 0; i != kNoCst;) {
      const bool same = tree_[i].start == wanted.start && tree_[i].end == wanted.end;
      if (same && callee_of(i) != kNoCst) found = i;
      CstIndex inside = tree_.first(i);
      while (inside != kNoCst &&
             (tree_[inside].start > wanted.start || tree_[inside].end < wanted.end)) {
        inside = tree_[inside].next;
      }
      i = inside;
    }
    return found;
  }

  CstIndex arguments_of(CstIndex call) const {
    const CstIndex list = tree_.child(call, Field::arguments);
    return list != kNoCst || tree_.kind(call) != "composite_literal"
               ? list
               : tree_.child(call, Field::body);
  }

  CstIndex callee_of(CstIndex call) const {
    if (call == kNoCst || arguments_of(call) == kNoCst) return kNoCst;
    for (const Field field : {Field::function, Field::name, Field::constructor, Field::type}) {
      if (const CstIndex found = tree_.child(call, field); found != kNoCst) return found;
    }
    return kNoCst;
  }

  const Tree& tree_;
  const ir::Module& module_;
  Id at_;
};

}  // namespace

std::vector<ByteEdit> propose_edits(const Tree& tree, const ir::Module& module,
                                    const Finder& finder, Id at) {
  std::vector<ByteEdit> out;
  if (at == kNone) return out;
  const Proposal proposal(tree, module, at);
  for (const Rewrite& rewrite : finder.edit) {
    auto edit = proposal.edit(rewrite);
    if (!edit) return {};
    out.push_back(*std::move(edit));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const ByteEdit& a, const ByteEdit& b) { return a.start < b.start; });
  return out;
}

}  // namespace testgen::scan
