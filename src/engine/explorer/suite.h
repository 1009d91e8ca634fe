// From an archive to a suite: choose few programs that reach everything reached, and make each
// as small as it can be while it still does what it was chosen for.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/explorer/archive.h"
#include "engine/explorer/budget.h"
#include "engine/explorer/harness.h"
#include "engine/explorer/universe.h"

namespace testgen::engine {

struct SuiteMember {
  TestProgram program;
  Standing standing = Standing::Returned;
  std::string signature;             // must stay the same while shrinking
  std::vector<std::uint32_t> owned;  // goals this member answers for
  std::vector<std::uint32_t> goals;  // all it covers
};

// "returns list+" or "raises ValueError".
[[nodiscard]] std::string signature_of(const CandidateResult& result);

// How much a reader has to take in, and how odd it reads.
[[nodiscard]] std::size_t cost_of(const SuiteMember& member, const Universe& universe);

struct SuiteLimits {
  std::size_t tests = 200;
  std::size_t signatures_per_callable = 6;
};

// Greedy set cover over the goals (each goal is owned by the first chosen member that reaches
// it), then other shapes of result. Undocumented exceptions are left out.
[[nodiscard]] std::vector<SuiteMember> choose_suite(const Archive& archive,
                                                    const Universe& universe,
                                                    const SuiteLimits& limits);

// Shrinks all members side by side, in batches, until nothing gets smaller or that part of the
// budget is used.
[[nodiscard]] base::Status minimise(std::vector<SuiteMember>& suite, const Universe& universe,
                                    Harness& harness, const Archive& archive, Budget& budget,
                                    double until, const std::stop_token& stop);

// The program with a number or a text in place of an argument that reads as if it meant something,
// such as set(); at most a dozen. To be offered where what the test notices is checked.
[[nodiscard]] std::vector<TestProgram> plainer_variants(const TestProgram& program,
                                                        const Universe& universe);

// Smaller variants of a program, boldest first.
[[nodiscard]] std::vector<TestProgram> smaller_variants(const TestProgram& program,
                                                        const Universe& universe);

}  // namespace testgen::engine
