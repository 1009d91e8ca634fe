// Writes verified test cases as a pytest file, the way a person would lay it out: imports, then
// one small test function a behaviour, in the order of the module. Pure text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/import_plan.h"
#include "model/rendered_suite.h"
#include "model/test_case.h"

namespace testgen::emit {

struct SuiteContext {
  model::ImportPlan plan;
  std::filesystem::path folder;  // where the file will lie: paths to the module start there
  std::string tool_version;
  std::uint64_t seed = 0;
};

// The whole file, without the writer's seal. Tests are kept in the order given.
[[nodiscard]] model::RenderedSuite render_suite(const SuiteContext& context,
                                                const std::vector<model::TestCase>& tests,
                                                model::SuiteLayout layout);

// test_<module>.py, with the package's parts in front: test_shop_cart.py.
[[nodiscard]] std::string suite_file_name(const model::ImportPlan& plan);

// `line` cut at its outermost brackets when it is longer than `width`; `indent` spaces in front
// of every line of the result.
[[nodiscard]] std::string wrap_line(std::string_view line, std::size_t indent, std::size_t width);

}  // namespace testgen::emit
