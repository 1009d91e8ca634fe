// The text of reproducing tests: for pytest, one function each, with nothing in it that a person
// would not write. Pure.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/import_plan.h"
#include "model/rendered_suite.h"
#include "reproduce/attempts.h"
#include "reproduce/probe_reply.h"
#include "reproduce/suspect.h"

namespace testgen::reproduce {

// Where a file lies while it is tried, as far as paths in it are concerned.
inline constexpr std::string_view kRunFolder = "/tmp/run";

struct ReproducingTest {
  std::string name;
  std::string text;  // the whole function, with a line end
};

// Names are unique among `names`, which gets the new one.
[[nodiscard]] ReproducingTest write_test(const Suspect& suspect, const std::string& function,
                                         const std::string& callee, const Attempt& attempt,
                                         const Tried& tried, std::set<std::string>& names);

// The imports, and how the test gets hold of the module. `folder` is where the file will lie;
// `modules` are those that the tests name.
[[nodiscard]] std::string preamble_for(const model::ImportPlan& plan,
                                       const std::filesystem::path& folder,
                                       const std::set<std::string>& modules);

// Of `texts`, those modules of the standard library that attempts can name.
[[nodiscard]] std::set<std::string> modules_in(const std::vector<std::string>& texts);

[[nodiscard]] model::RenderedSuite render(const model::ImportPlan& plan,
                                          const std::filesystem::path& folder,
                                          const std::vector<ReproducingTest>& tests);

// "test_security_shop_cart.py"
[[nodiscard]] std::string file_name(const model::ImportPlan& plan);

// What the writer tells such a file by, so that neither the module's own tests nor those of another
// module, whose name may come out the same, replace it.
[[nodiscard]] std::string file_kind(const model::ImportPlan& plan);

}  // namespace testgen::reproduce
