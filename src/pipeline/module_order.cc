#include "pipeline/module_order.h"

#include <algorithm>

namespace testgen::pipeline {

void sort_by_module_order(std::vector<model::TestCase>& tests, const model::ModuleModel& module) {
  const auto line_of = [&](const model::TestCase& test) -> std::uint32_t {
    for (const auto& function : module.functions) {
      if (function.qualified_name == test.function) return function.first_line;
    }
    const std::string owner = test.function.substr(0, test.function.find('.'));
    for (const auto& kind : module.classes) {
      if (kind.name == owner) return kind.first_line;
    }
    for (const auto& table : module.tables) {
      if (table.name == test.function) return table.first_line;
    }
    return 0;
  };
  std::stable_sort(tests.begin(), tests.end(),
                   [&](const auto& a, const auto& b) { return line_of(a) < line_of(b); });
}

}  // namespace testgen::pipeline
