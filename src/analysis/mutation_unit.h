// The pieces of a module that are compiled to get a mutant: one text for each outermost function
// and one for the whole module, with only the probes that burn fuel, and where each byte of the
// file lies in them. Borrows the tree. Offsets are bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/instrument.h"
#include "analysis/syntax_tree.h"
#include "model/mutant.h"

namespace testgen::analysis {

class UnitBuilder {
 public:
  UnitBuilder(const SyntaxTree& tree, const std::vector<LoopProbe>& loops);

  // The function's own text under the heads of what encloses it.
  [[nodiscard]] model::MutationUnit function_unit(Index definition) const;
  [[nodiscard]] model::MutationUnit module_unit() const;

  // What turns offsets of the file into those of a unit's text: of a function's unit, or of the
  // module's for kNoNode.
  struct Frame {
    std::uint32_t start = 0;   // first byte of the file in the text
    std::uint64_t base = 0;    // where it lies there
    std::uint64_t before = 0;  // bytes of probes that come before it in the file
  };
  [[nodiscard]] Frame frame(Index definition) const;

  // The range [begin, end) of the file in the unit's text. A probe that opens at `begin` or
  // closes at `end` stays outside; begin == end is a place to insert at.
  struct Position {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  [[nodiscard]] Position locate(const Frame& frame, std::uint32_t begin, std::uint32_t end) const;

 private:
  struct Insertion {
    std::uint32_t offset;
    std::string text;
  };
  [[nodiscard]] std::string heads(Index definition) const;
  [[nodiscard]] std::uint32_t line_start(std::uint32_t offset) const;
  void append_probed(std::string& out, std::uint32_t begin, std::uint32_t end) const;
  // Bytes of the insertions before file offset `offset`; those at it count when `inclusive`.
  [[nodiscard]] std::uint64_t inserted(std::uint32_t offset, bool inclusive) const;

  const SyntaxTree& tree_;
  std::vector<Insertion> insertions_;  // ascending by offset
  std::vector<std::uint64_t> sums_;    // bytes of the first k insertions
};

}  // namespace testgen::analysis
