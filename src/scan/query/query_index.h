// The queries of a language's rules. They are compiled when a file first has their words: compiling
// costs more than scanning a file. Immutable apart from that; thread-safe; borrows the rules.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "scan/query/query.h"
#include "scan/rules/hit.h"

namespace testgen::scan {

class QueryIndex {
 public:
  explicit QueryIndex(Language language) : language_(language) {}

  void add(const Hit& hit);
  // Whether any of them can find anything in a text with these words.
  [[nodiscard]] bool may_find(std::string_view text) const;

  // Calls `found` with what they find in a tree that was kept, each place once for a rule. False
  // when a limit stopped one of them.
  using Report = std::function<void(const Hit& hit, std::uint32_t start, std::uint32_t end)>;
  [[nodiscard]] bool find(const Tree& tree, const Report& found) const;

 private:
  struct Entry {
    Hit hit;
    std::vector<QueryWords> words;  // of each pattern
    std::once_flag compiled;
    std::optional<Query> query;
    [[nodiscard]] bool may_find(std::string_view text) const;
  };
  Language language_;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace testgen::scan
