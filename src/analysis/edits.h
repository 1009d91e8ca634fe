// Collects text insertions and applies them in one pass. Insertions at one offset nest as the
// syntax tree does: what closes comes before what opens, outer openings before inner ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"

namespace testgen::analysis {

class Edits {
 public:
  explicit Edits(const SyntaxTree& tree) : tree_(tree) {}

  // Puts `name(number,` before a node and `)` after it; `parenthesize` when the node is a bare
  // list `a, b` that must stay one argument.
  void wrap(Index node, std::string_view name, std::size_t number, bool parenthesize = false);
  // Plain text around a node.
  void surround(Index node, std::string before, std::string after);
  // Plain text at an offset inside a node's own tokens.
  void insert(std::uint32_t offset, std::string text);

  [[nodiscard]] std::string apply();

 private:
  enum class Phase : std::uint8_t { Close, Plain, Open };
  struct Edit {
    std::uint32_t offset;
    Phase phase;
    Index node;
    std::uint32_t sequence;
    bool is_call;  // a probe's opening: gets a space when it would join a word
    bool parenthesize;
    std::string text;
  };
  void add(std::uint32_t offset, Phase phase, Index node, std::string text, bool is_call = false,
           bool parenthesize = false);

  const SyntaxTree& tree_;
  std::vector<Edit> edits_;
};

}  // namespace testgen::analysis
