// Counts what a thread takes from the heap. A test binary that links allocations.cc has its
// operator new replaced by one that counts.
#pragma once

#include <cstdint>

namespace testgen::testing {

struct Allocations {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

// Of the calling thread since it began.
[[nodiscard]] Allocations allocations();

}  // namespace testgen::testing
