// Writes verified test cases as a test file, the way a person would lay it out: imports, helpers,
// then the tests in the order of the module, those of a class in a class, cases that differ only
// in values as one table. Above the tests of each function stands a mark with a hash of that
// function, so that a later run knows what changed. Pure text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/import_plan.h"
#include "model/module_model.h"
#include "model/rendered_suite.h"
#include "model/test_case.h"

namespace testgen::emit {

struct SuiteContext {
  model::ImportPlan plan;
  std::filesystem::path folder;  // where the file will lie: paths to the module start there
  std::string tool_version;
  std::uint64_t seed = 0;
  model::Framework framework = model::Framework::Pytest;
  const model::ModuleModel* module = nullptr;  // borrowed; names of parameters
  std::map<std::string, std::string> units;    // qualified name → hash; see unit_hashes()
  std::string engine = "explorer";             // who proposed the tests
};

// The whole file, without the writer's seal. Tests of one function stand together, in the order
// given. A test that could not be written in fewer than 25 lines, or not for this framework,
// has no item.
[[nodiscard]] model::RenderedSuite render_suite(const SuiteContext& context,
                                                const std::vector<model::TestCase>& tests,
                                                model::SuiteLayout layout);

// Of the test class for a function's owner, "TestCart", or for the function itself.
[[nodiscard]] std::string test_class_name(const std::string& function);

// test_<module>.py, with the package's parts in front: test_shop_cart.py.
[[nodiscard]] std::string suite_file_name(const model::ImportPlan& plan);

// A hash of the source of each function, method and class: 16 hexadecimal digits. Blank lines
// and blanks at the ends of lines do not count.
[[nodiscard]] std::map<std::string, std::string> unit_hashes(std::string_view source,
                                                             const model::ModuleModel& module);

}  // namespace testgen::emit
