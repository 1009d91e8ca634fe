// A parsed file of any language as a flat array in preorder. The parser's own tree is walked once
// and dropped, unless it is asked for; a node's descendants are the range (i, nodes[i].end_index).
// A Tree borrows its text. Offsets are bytes. Broken code keeps its error nodes, so that what is
// around them is still seen.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scan/syntax/grammar.h"

struct TSTree;

namespace testgen::scan {

using CstIndex = std::uint32_t;
inline constexpr CstIndex kNoCst = 0xFFFFFFFFU;

struct CstNode {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  CstIndex parent = kNoCst;
  CstIndex next = kNoCst;  // sibling
  CstIndex end_index = 0;  // one past the last descendant
  std::uint16_t symbol = 0;
  Field field = Field::None;
  bool named = false;
};

struct ParseLimits {
  std::uint32_t max_depth = 10'000;
  std::chrono::milliseconds time{10'000};
};

class Tree {
 public:
  // Takes storage over from an earlier tree, so that a loop over files allocates once.
  // InvalidInput for nesting past the limit, Timeout, TooLarge for 4 GiB.
  [[nodiscard]] base::Status parse(const Grammar& grammar, std::string_view text,
                                   const ParseLimits& limits = {}, bool keep_parsed = false);

  [[nodiscard]] const Grammar& grammar() const { return *grammar_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] CstIndex size() const { return static_cast<CstIndex>(nodes_.size()); }
  [[nodiscard]] const CstNode& operator[](CstIndex i) const { return nodes_[i]; }
  // Of nothing, these are nothing: in broken code any part may be missing.
  [[nodiscard]] std::string_view text(CstIndex i) const {
    if (i == kNoCst) return {};
    return text_.substr(nodes_[i].start, nodes_[i].end - nodes_[i].start);
  }
  [[nodiscard]] std::string_view kind(CstIndex i) const {
    if (i == kNoCst) return {};
    return grammar_->symbol_name(nodes_[i].symbol);
  }
  [[nodiscard]] CstIndex first(CstIndex i) const {
    return i != kNoCst && nodes_[i].end_index > i + 1 ? i + 1 : kNoCst;
  }
  [[nodiscard]] CstIndex child(CstIndex i, Field field) const;
  // The first child that is neither a token nor a comment.
  [[nodiscard]] CstIndex first_named(CstIndex i) const;
  [[nodiscard]] CstIndex next_named(CstIndex i) const;
  [[nodiscard]] bool has_token(CstIndex i, std::string_view token) const;
  // The parser's own tree, for queries; null when it was not kept.
  [[nodiscard]] const TSTree* parsed() const { return parsed_.get(); }
  void drop_parsed() { parsed_.reset(); }
  // Bytes inside error nodes.
  [[nodiscard]] std::uint64_t broken_bytes() const { return broken_bytes_; }
  // Error nodes, and tokens that the parser had to make up.
  [[nodiscard]] std::uint64_t faults() const { return faults_; }

 private:
  const Grammar* grammar_ = nullptr;
  std::string_view text_;
  std::vector<CstNode> nodes_;
  struct FreeTree {
    void operator()(TSTree* tree) const;
  };
  std::unique_ptr<TSTree, FreeTree> parsed_;
  std::uint64_t broken_bytes_ = 0;
  std::uint64_t faults_ = 0;
};

}  // namespace testgen::scan
