// The tests of an earlier run, and what becomes of them. A test of a function whose source is the
// same stays as it stands while it passes; those of functions that changed are written anew, and
// those of functions that are gone go. A file that a person has edited is not touched, so nothing
// is taken from it; the writer puts the new tests beside it. Nothing here runs a test.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/import_plan.h"
#include "model/module_model.h"
#include "model/report.h"
#include "model/test_case.h"

namespace testgen::pipeline {

// Of our file at `folder`/`name`, when it is about the planned module and written for the
// framework; Verbatim::unit_hash says which source each is about.
[[nodiscard]] std::vector<model::TestCase> earlier_tests(const std::filesystem::path& folder,
                                                         const std::string& name,
                                                         const model::ImportPlan& plan,
                                                         model::Framework framework);

struct Renewal {
  std::vector<model::TestCase> tests;  // to verify: earlier ones that may stay, and new ones
  // New tests of functions whose earlier ones stay: wanted where those leave something out.
  std::vector<model::TestCase> reserve;
  std::vector<model::RetiredTests> retired;
};

// `units` are the hashes of today's source. With `symbols`, only tests of these are written anew,
// whatever else has changed.
[[nodiscard]] Renewal renew(std::vector<model::TestCase> earlier,
                            std::vector<model::TestCase> fresh,
                            const std::map<std::string, std::string>& units,
                            const model::ModuleModel& module,
                            const std::vector<std::string>& symbols);

// Functions of which an earlier test was to stay and is not among those kept, with the number of
// such tests.
[[nodiscard]] std::map<std::string, std::uint32_t> stale_functions(
    const std::vector<model::TestCase>& offered, const std::vector<model::TestCase>& kept);

// Which of the reserve reach a line or a branch that the measured suite missed; for each of these
// the first test that does. Nothing was measured: none.
[[nodiscard]] std::vector<std::size_t> reaching_missed(const std::vector<model::TestCase>& reserve,
                                                       const std::vector<model::Goal>& goals,
                                                       const model::Coverage& coverage);

}  // namespace testgen::pipeline
