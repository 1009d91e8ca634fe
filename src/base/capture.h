// Runs a helper program and takes what it writes, within a deadline and a size. For tools the
// user has installed (git); untrusted code runs in the sandbox. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace testgen::base {

struct CaptureRequest {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // the whole of it
  Milliseconds timeout{30'000};
  std::size_t max_bytes = std::size_t{16} << 20U;  // of each stream
};

struct Captured {
  int exit_code = 0;  // 128 + signal when a signal ended it
  std::string output;
  std::string errors;
};

// Standard input is empty. NotFound when there is no such program, Timeout, TooLarge.
[[nodiscard]] Result<Captured> capture(const CaptureRequest& request);

}  // namespace testgen::base
