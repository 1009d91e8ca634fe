// What the variables of one function hold at one point. Small and copied at every branch, so a
// sorted array. Values are borrowed from the file's arena.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "scan/taint/value.h"

namespace testgen::scan {

struct Environment {
  std::vector<std::pair<std::uint32_t, Ref>> variables;  // ascending by symbol
  bool alive = true;                                     // false: execution does not get here

  [[nodiscard]] Ref get(std::uint32_t symbol) const {
    const auto at = find(symbol);
    return at != variables.end() && at->first == symbol ? at->second : nullptr;
  }
  void set(std::uint32_t symbol, Ref value) {
    const auto at = variables.begin() + (find(symbol) - variables.begin());
    if (at != variables.end() && at->first == symbol) {
      at->second = value;
    } else {
      variables.insert(at, {symbol, value});
    }
  }
  // Joins what holds on another way to the same point.
  void merge(const Environment& other, Values& values) {
    if (!other.alive) return;
    if (!alive) {
      *this = other;
      return;
    }
    std::vector<std::pair<std::uint32_t, Ref>> out;
    out.reserve(std::max(variables.size(), other.variables.size()));
    auto a = variables.begin();
    auto b = other.variables.begin();
    while (a != variables.end() || b != other.variables.end()) {
      if (b == other.variables.end() || (a != variables.end() && a->first < b->first)) {
        out.push_back(*a++);
      } else if (a == variables.end() || b->first < a->first) {
        out.push_back(*b++);
      } else {
        out.emplace_back(a->first, values.join(a->second, b->second));
        ++a;
        ++b;
      }
    }
    variables = std::move(out);
  }

 private:
  [[nodiscard]] std::vector<std::pair<std::uint32_t, Ref>>::const_iterator find(
      std::uint32_t symbol) const {
    return std::lower_bound(variables.begin(), variables.end(), symbol,
                            [](const auto& entry, std::uint32_t s) { return entry.first < s; });
  }
};

}  // namespace testgen::scan
