// What untrusted code did in the sandbox. This is data, never an Error: the first cause wins
// (a process killed for its deadline is TimedOut, even though a signal ended it).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace testgen::model {

enum class Outcome {
  Exited,          // by itself, with exit_code
  Signalled,       // by a signal nobody here sent
  TimedOut,        // wall-clock deadline; the whole tree was killed
  CpuExceeded,     // CPU-seconds limit
  OutputExceeded,  // wrote more than the limit to stdout or stderr
  SetupFailed,     // the sandbox could not start the program
  Cancelled,       // the caller asked to stop
};

[[nodiscard]] std::string_view to_string(Outcome outcome);

struct RunResult {
  Outcome outcome = Outcome::SetupFailed;
  int exit_code = 0;
  int signal = 0;
  std::string standard_output;  // up to the limit
  std::string standard_error;
  std::chrono::milliseconds wall{0};
  std::chrono::milliseconds cpu{0};     // user + system, of the whole tree
  std::uint64_t peak_memory_bytes = 0;  // resident, of its largest process

  [[nodiscard]] bool succeeded() const { return outcome == Outcome::Exited && exit_code == 0; }
};

}  // namespace testgen::model
