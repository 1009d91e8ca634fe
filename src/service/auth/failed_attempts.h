// Counts wrong tokens by address, to tell guessing from a mistake. Remembers a bounded number of
// addresses. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"

namespace testgen::service {

class FailedAttempts {
 public:
  explicit FailedAttempts(const base::Clock& clock) : clock_(clock) {}

  // One more wrong token from there. The count, when this one makes it an incident: the tenth
  // within a minute, and each hundredth after that.
  std::optional<std::uint64_t> note(const std::string& peer);

 private:
  struct Window {
    base::SteadyTime begun;
    std::uint64_t count = 0;
  };
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Window> windows_;
};

}  // namespace testgen::service
