// What the lowerings of all languages share: making nodes, interning names, decoding literals,
// and bounding depth. One builder a file; not thread-safe.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scan/ir/ir.h"
#include "scan/syntax/tree.h"

namespace testgen::scan::ir {

class Builder {
 public:
  Builder(const Tree& of, Module& into) : tree(of), module(into) {}

  Id add(Op op, CstIndex at, std::string_view text = {}, std::initializer_list<Id> kids = {}) {
    return add(op, at, text, std::span<const Id>(kids.begin(), kids.size()));
  }
  Id add(Op op, CstIndex at, std::string_view text, std::span<const Id> kids);
  Id name(CstIndex at, std::string_view text);
  Id unknown(CstIndex at) { return add(Op::Unknown, at); }
  std::uint32_t symbol(std::string_view name);
  // Keeps the text as long as the module lives.
  std::string_view keep(std::string text) { return module.store.emplace_back(std::move(text)); }
  // A string literal's inside with the common escapes decoded.
  std::string_view decode(std::string_view inside);

  // Past this depth the rest of an expression is Unknown.
  static constexpr int kMaxDepth = 300;

  const Tree& tree;
  Module& module;
  int depth = 0;
};

// Counts one level of recursion for as long as it lives.
struct Level {
  explicit Level(Builder& of) : builder(of) { ++builder.depth; }
  ~Level() { --builder.depth; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;
  [[nodiscard]] bool too_deep() const { return builder.depth > Builder::kMaxDepth; }
  Builder& builder;
};

}  // namespace testgen::scan::ir
