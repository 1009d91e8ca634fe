// Where several services keep results for each other, besides what each keeps on its own disk. What
// is asked of it may fail at any time, and then costs only the result; one that has just failed may
// be left alone for a while, and then has nothing and takes nothing. Thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace testgen::service {

class SharedCache {
 public:
  virtual ~SharedCache() = default;
  // Nothing when it does not have the key.
  [[nodiscard]] virtual base::Result<std::optional<std::string>> get(const std::string& key) = 0;
  // Forgotten after `keep`.
  [[nodiscard]] virtual base::Status put(const std::string& key, const std::string& value,
                                         std::chrono::milliseconds keep) = 0;
  [[nodiscard]] virtual base::Status remove(const std::string& key) = 0;
  // Whether it answers, by that time.
  [[nodiscard]] virtual base::Status check(base::SteadyTime deadline) = 0;
};

}  // namespace testgen::service
