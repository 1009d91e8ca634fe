// A tree-sitter query as a rule writes it: compiled for one language, its predicates checked by us,
// run over a parsed file within limits. What is captured as @found is what is found. Immutable;
// thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scan/match/pattern.h"
#include "scan/syntax/grammar.h"
#include "scan/syntax/tree.h"

struct TSQuery;
struct TSQueryMatch;

namespace testgen::scan {

// What is wrong with a query, and at which of its bytes.
struct QueryFault {
  std::size_t offset = 0;
  std::string message;
  std::string hint;
};

struct QueryLimits {
  std::size_t max_matches = 10'000;
  std::chrono::milliseconds time{1'000};
};

class Query {
 public:
  static constexpr std::size_t kMaxText = 8192;

  [[nodiscard]] static std::optional<Query> compile(Language language, std::string_view text,
                                                    QueryFault& fault);

  struct Found {
    std::uint32_t start = 0;
    std::uint32_t end = 0;
  };
  // Adds what it finds in a tree that was kept. False when a limit stopped it.
  [[nodiscard]] bool find(const Tree& tree, std::vector<Found>& out,
                          const QueryLimits& limits = {}) const;

 private:
  struct Delete {
    void operator()(TSQuery* query) const;
  };
  struct Test {
    enum class What : std::uint8_t { Text, Capture, Match } what = What::Text;
    bool negated = false;
    std::uint32_t capture = 0;
    std::uint32_t other = 0;         // of Capture
    std::vector<std::string> texts;  // of Text: one of them
    std::optional<Pattern> pattern;  // of Match
  };
  explicit Query(TSQuery* handle) : handle_(handle) {}
  [[nodiscard]] bool read_tests(std::string_view text, QueryFault& fault);
  [[nodiscard]] bool read_test(std::uint32_t pattern, const std::vector<std::string>& words,
                               const std::vector<std::optional<std::uint32_t>>& captures,
                               QueryFault& fault);
  [[nodiscard]] bool find_place(QueryFault& fault);
  [[nodiscard]] static bool holds(const Test& test, const TSQueryMatch& match,
                                  std::string_view text);

  std::unique_ptr<TSQuery, Delete> handle_;
  std::vector<std::vector<Test>> tests_;  // by pattern
  std::uint32_t found_ = 0;               // the capture
};

// Words that a text must have for the query to find anything: for one of its patterns, one word of
// each list. Read from #eq? and #any-of?, without compiling.
using QueryWords = std::vector<std::vector<std::string>>;
[[nodiscard]] std::vector<QueryWords> words_of_query(std::string_view text);

}  // namespace testgen::scan
