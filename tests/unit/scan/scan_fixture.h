// The built-in rules, loaded once, and the findings of a small text.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "scan/scan.h"

namespace testgen::scan {

inline const Rules& built_in() {
  static const std::shared_ptr<const Rules> rules = [] {
    auto loaded = Rules::load({});
    if (!loaded) ADD_FAILURE() << base::describe(loaded.error());
    return loaded.value_or(nullptr);
  }();
  return *rules;
}

inline std::vector<Finding> findings_in(std::string_view name, std::string_view text) {
  return scan_file(built_in(), name, text).findings;
}

// "rule:line" of each, in order.
inline std::vector<std::string> found_in(std::string_view name, std::string_view text) {
  std::vector<std::string> out;
  for (const Finding& one : findings_in(name, text)) {
    out.push_back(one.rule + ":" + std::to_string(one.place.line));
  }
  return out;
}

inline bool finds(std::string_view rule, std::string_view name, std::string_view text) {
  const auto all = findings_in(name, text);
  return std::any_of(all.begin(), all.end(), [&](const Finding& one) { return one.rule == rule; });
}

}  // namespace testgen::scan
