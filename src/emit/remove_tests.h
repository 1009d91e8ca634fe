// Takes tests out of a file that this program has rendered, and leaves the rest as it stands.
// Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/test_case.h"

namespace testgen::emit {

struct Removal {
  std::string text;  // empty when no test is left
  std::vector<model::TestCase> removed;
  std::set<std::string> untested;  // units whose last test is among them
};

// `names` are "test_total" and "TestCart.test_total"; a parametrised test goes with all its rows.
// Names that the text does not have are passed over.
[[nodiscard]] Removal remove_tests(std::string_view text, const std::set<std::string>& names);

}  // namespace testgen::emit
