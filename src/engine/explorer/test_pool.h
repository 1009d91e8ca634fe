// The tests that the second half of an exploration works with: programs whose outcome is known,
// with all they could assert and the mutants that notice. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/explorer/suite.h"
#include "model/test_case.h"

namespace testgen::engine {

struct PoolTest {
  SuiteMember member;
  model::TestCase test;  // with every candidate assertion, and no name yet
  // Mutants that this test notices, by their index, and the assertions that fail then, as bits.
  // No bit: the test ends in another way.
  std::map<std::size_t, std::uint64_t> kills;
  bool observed_twice = false;  // in both environments
};

}  // namespace testgen::engine
