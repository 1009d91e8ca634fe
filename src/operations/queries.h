// Every query of the procedures as Prometheus gets it, for people who want to try one and for the
// tests that hold each against the contract. The tables are checklist/daily_table.h and
// weekly/weekly_table.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testgen::operations {

// Fills in what the tables leave open: $service and $node, the matchers of the two jobs, and
// $before, which is empty for this week and " offset 7d" for the one before.
[[nodiscard]] std::string expand(std::string_view expression, std::string_view before = "");

struct Query {
  std::string procedure;  // "daily", "weekly"
  std::string item;
  std::string name;
  std::string expression;  // expanded
  std::string unit;
  std::string bar;       // in words; empty without one
  std::string presence;  // says whether there is anything to judge; empty when nothing does
};
[[nodiscard]] std::vector<Query> all_queries();
// As a JSON list.
[[nodiscard]] std::string queries_json();

}  // namespace testgen::operations
