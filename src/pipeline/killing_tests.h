// Which tests of a suite killed a mutant. Pure.
#pragma once

#include <cstddef>
#include <set>

#include "model/rendered_suite.h"
#include "verify/mutation_report.h"

namespace testgen::pipeline {

// Indices of the cases that the killers' items stand for.
[[nodiscard]] std::set<std::size_t> killing_tests(const verify::MutationResult& result,
                                                  const model::RenderedSuite& suite);

}  // namespace testgen::pipeline
