// What testgen and the small program that is PID 1 inside the sandbox say to each other.
// Both are always built together, so the report is a plain struct written in one piece.
// Uses only fixed-size types: the other side is a static binary without the C++ library.
#pragma once

#include <cstdint>

namespace testgen::sandbox::protocol {

enum class Step : std::int32_t {
  Finished,       // the program ran; the rest of the report is filled in
  TreeMemory,     // likewise, and all was killed for its use of memory
  DropPrivilege,  // these say where preparing it failed, with `error`
  WorkingDirectory,
  ResourceLimits,
  Fork,
  Execute,
};

struct Report {
  Step step;
  std::int32_t error;              // errno, when step is not Finished
  std::int32_t exit_code;          // of the program, when it was not signalled
  std::int32_t signal;             // or 0
  std::int64_t main_cpu_us;        // user + system of the program itself
  std::int64_t cpu_us;             // user + system of everything that ran inside
  std::int64_t peak_memory_bytes;  // of the largest process
};

}  // namespace testgen::sandbox::protocol
