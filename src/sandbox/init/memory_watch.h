// How much memory everything in this PID namespace uses. No resource limit bounds a tree, only
// each process, and cgroups are seldom ours to make; so init looks, and kills.
#pragma once

#include <cstdint>

namespace testgen::sandbox {

// Resident bytes of all processes, pages that several of them share counted for each.
[[nodiscard]] std::uint64_t resident_bytes();

}  // namespace testgen::sandbox
