// Tests that are there and not needed so far. Finds those that reach a line or a branch, or kill a
// mutant, that the suite leaves out, and takes them in, if no test that is in it is lost by that.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/module_model.h"
#include "model/rendered_suite.h"
#include "model/test_case.h"
#include "verify/mutation_report.h"
#include "verify/verifier.h"

namespace testgen::pipeline {

// A test file, were it to lie in that folder.
using RenderIn = std::function<model::RenderedSuite(const std::filesystem::path& folder)>;

// What is needed of the generation that it is a part of; borrowed.
struct ReserveParts {
  const model::ModuleModel& module;
  verify::RenderSuite render;
  std::function<base::Result<verify::Verification>(std::vector<model::TestCase>)> verify;
  std::function<base::Result<verify::MutationResult>(const RenderIn& suite, const model::Mutation&,
                                                     std::size_t sample,
                                                     std::chrono::milliseconds limit)>
      kills;
  const std::stop_token& stop;
};

// Tests of the functions in `wanted` are taken in any case. `mutants_for` is how long mutants may
// take, twice; without it they say nothing.
[[nodiscard]] base::Status take_from_reserve(const ReserveParts& parts,
                                             const std::vector<model::TestCase>& reserve,
                                             const std::set<std::string>& wanted,
                                             std::optional<std::chrono::milliseconds> mutants_for,
                                             verify::Verification& verification);

}  // namespace testgen::pipeline
