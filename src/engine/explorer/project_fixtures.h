// The fixtures of the project's conftest.py files that tests may ask for: those that the
// project's own tests gave to the module, and that can be had in the harness.
#pragma once

#include <vector>

#include "base/result.h"
#include "engine/explorer/harness.h"
#include "engine/explorer/universe.h"
#include "model/project_fixture.h"
#include "model/report.h"

namespace testgen::engine {

// Of those that were seen; each is tried once. Why another cannot be used is told in `omissions`.
[[nodiscard]] base::Result<std::vector<model::ProjectFixture>> usable_fixtures(
    Harness& harness, const std::vector<model::ProjectFixture>& seen, const Universe& universe,
    std::vector<model::Omission>& omissions);

// Their values become objects of the universe: arguments, and what methods are called on.
void offer_fixtures(Universe& universe, const std::vector<model::ProjectFixture>& fixtures);

}  // namespace testgen::engine
