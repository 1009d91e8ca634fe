// The rules and models of one language, indexed by name, and the test that tells from a file's
// words alone whether any of them can find anything in it. Immutable; thread-safe; borrows the
// rules.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scan/match/name_search.h"
#include "scan/names/name_index.h"
#include "scan/query/query_index.h"
#include "scan/rules/hit.h"
#include "scan/rules/loader.h"
#include "scan/rules/rule.h"

namespace testgen::scan {

class RuleSet {
 public:
  // `files` must outlive the set. Rules about bytes are not its matter (TextIndex).
  RuleSet(const RuleFiles& files, Language language, bool audit);

  NameIndex<Hit> calls, names, assigns, returns, imports, decorators, keys, compares;
  NameIndex<const Model::Source*> sources;
  NameIndex<const Model::Source*> carriers;  // hold input, and are none themselves
  NameIndex<const Model::Sanitizer*> sanitizers;
  NameIndex<bool> clean, pass, same, exits;
  NameIndex<const Model::Entry*> entries;
  NameIndex<const Model::Parameters*> parameters;
  NameIndex<const Model::Box*> boxes;
  NameIndex<const Model::Fact*> facts;
  NameIndex<const Model::Fill*> fills;
  NameIndex<const Model::Guard*> guards;
  NameIndex<const Model::Type*> types;
  QueryIndex queries;

  // Whether any rule can find anything in a file with these words. Errs on the side of yes.
  [[nodiscard]] bool may_find(std::string_view text) const;
  [[nodiscard]] std::size_t rule_count() const { return rule_count_; }
  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] const std::vector<std::string>& kind_names() const { return *kind_names_; }

 private:
  [[nodiscard]] bool has_words(std::string_view text) const;
  // Words that must all be there.
  using Words = std::vector<std::uint32_t>;
  void add_words(std::string_view pattern, Words& words);
  // Those of the pattern, and those of one of the modules when there are any.
  void need(std::string_view pattern, const std::vector<std::string>& modules,
            std::vector<Words>& into);

  Language language_;
  const std::vector<std::string>* kind_names_;
  std::size_t rule_count_ = 0;
  std::unordered_map<std::string_view, std::uint32_t> vocabulary_;
  std::vector<Words> plain_;                      // of finders that need no source
  std::vector<Words> sinks_;                      // of those that do
  std::vector<Words> origins_;                    // sources
  std::vector<std::pair<Words, Words>> implied_;  // with the first, the second are as if there
  std::vector<Pattern> expressions_;              // of names, of finders that need no source
  // Made when it is first needed: a run that keeps its results may need none.
  mutable std::once_flag search_made_;
  mutable std::atomic<bool> search_ready_{false};
  mutable NameSearch search_;
};

}  // namespace testgen::scan
