// The rules and models of one language, indexed by name, and the test that tells from a file's
// words alone which of them can find anything in it. Immutable; thread-safe; borrows the rules.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scan/names/name_index.h"
#include "scan/rules/loader.h"
#include "scan/rules/rule.h"

namespace testgen::scan {

struct Hit {
  const Rule* rule = nullptr;
  const Finder* finder = nullptr;
};

class RuleSet {
 public:
  // `files` must outlive the set.
  RuleSet(const RuleFiles& files, Language language, bool audit);

  NameIndex<Hit> calls, names, assigns, returns, imports, decorators, keys, compares;
  std::vector<Hit> texts;
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

  // Whether any rule can find anything in a file with these words. Errs on the side of yes.
  [[nodiscard]] bool may_find(std::string_view text) const;
  // Whether a rule that matches text or shape of any name is there: then may_find is no help.
  [[nodiscard]] std::size_t rule_count() const { return rule_count_; }
  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] const std::vector<std::string>& kind_names() const { return *kind_names_; }

 private:
  // Words that must all be there.
  using Words = std::vector<std::uint32_t>;
  void need(std::string_view pattern, std::vector<Words>& into);

  Language language_;
  const std::vector<std::string>* kind_names_;
  std::size_t rule_count_ = 0;
  std::unordered_map<std::string_view, std::uint32_t> vocabulary_;
  std::vector<Words> plain_;    // of finders that need no source
  std::vector<Words> sinks_;    // of those that do
  std::vector<Words> origins_;  // sources
  bool always_ = false;
};

}  // namespace testgen::scan
