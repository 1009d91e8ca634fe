// Finds which patterns of names a dotted name matches, with one hash look-up and a comparison for
// each candidate. Patterns:
//   eval            exactly that
//   os.system       that, at the end of a longer name too: self.os.system
//   Markup          a class, in whichever package
//   *.execute       execute of anything
//   random.*        anything of random; with a dot before the last, of longer names too
//   /(?i)passw/     the last part matches the expression
// Values are borrowed by the index; immutable after the last add(); thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "scan/match/pattern.h"

namespace testgen::scan {

[[nodiscard]] inline std::string_view last_part(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}
[[nodiscard]] inline std::string_view without_last_part(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

// Whether `name` is `pattern`, or ends with it after a dot when the pattern has one itself or is
// the name of a class.
[[nodiscard]] inline bool ends_as(std::string_view name, std::string_view pattern) {
  if (name == pattern) return true;
  const bool is_class = !pattern.empty() && pattern.front() >= 'A' && pattern.front() <= 'Z';
  return (is_class || pattern.find('.') != std::string_view::npos) &&
         name.size() > pattern.size() && name.ends_with(pattern) &&
         name[name.size() - pattern.size() - 1] == '.';
}

[[nodiscard]] inline bool is_expression(std::string_view pattern) {
  return pattern.size() > 2 && pattern.front() == '/' && pattern.back() == '/';
}

// Whether one of the modules, or a part of it, is among those that a file imports.
[[nodiscard]] inline bool imports_one_of(const std::vector<std::string_view>& imports,
                                         const std::vector<std::string>& wanted) {
  for (const std::string& module : wanted) {
    for (const std::string_view name : imports) {
      const bool part = name.size() > module.size() && name.starts_with(module) &&
                        (name[module.size()] == '.' || name[module.size()] == '/');
      if (part || ends_as(name, module)) return true;
    }
  }
  return false;
}

template <class T>
class NameIndex {
 public:
  // The pattern's text must outlive the index. False for an expression that is not one.
  bool add(std::string_view pattern, T value) {
    if (is_expression(pattern)) {
      auto compiled = Pattern::compile(pattern.substr(1, pattern.size() - 2));
      if (!compiled) return false;
      expressions_.emplace_back(*std::move(compiled), value);
    } else if (pattern.starts_with("*.") && pattern.find('.', 2) != std::string_view::npos) {
      return add(pattern.substr(2), value);  // with a dot in it, it is an ending anyway
    } else if (pattern.ends_with(".*")) {
      const std::string_view whole = pattern.substr(0, pattern.size() - 2);
      below_[last_part(whole)].emplace_back(whole, value);
    } else {
      exact_[last_part(pattern)].emplace_back(pattern, value);
    }
    return true;
  }

  template <class Visit>
  void visit(std::string_view name, Visit visit) const {
    const std::string_view last = last_part(name);
    if (const auto found = exact_.find(last); found != exact_.end()) {
      for (const auto& [pattern, value] : found->second) {
        if (pattern.starts_with("*.") ? name.size() > last.size() && last == pattern.substr(2)
                                      : ends_as(name, pattern)) {
          visit(value);
        }
      }
    }
    if (!below_.empty() && name.size() > last.size()) {
      const std::string_view owner = without_last_part(name);
      if (const auto found = below_.find(last_part(owner)); found != below_.end()) {
        for (const auto& [pattern, value] : found->second) {
          if (ends_as(owner, pattern)) visit(value);
        }
      }
    }
    for (const auto& [expression, value] : expressions_) {
      if (expression.found_in(last)) visit(value);
    }
  }

  [[nodiscard]] bool matches(std::string_view name) const {
    bool found = false;
    visit(name, [&](const T&) { found = true; });
    return found;
  }
  [[nodiscard]] bool empty() const {
    return exact_.empty() && below_.empty() && expressions_.empty();
  }
  [[nodiscard]] bool has_expressions() const { return !expressions_.empty(); }

 private:
  using Entries = std::vector<std::pair<std::string_view, T>>;
  std::unordered_map<std::string_view, Entries> exact_;
  std::unordered_map<std::string_view, Entries> below_;
  std::vector<std::pair<Pattern, T>> expressions_;
};

}  // namespace testgen::scan
