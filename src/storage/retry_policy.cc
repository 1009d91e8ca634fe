#include <algorithm>

#include "storage/store.h"

namespace testgen::storage {

std::chrono::milliseconds RetryPolicy::pause_after(int attempts) const {
  if (attempts <= 1) return std::chrono::milliseconds(0);
  const int doublings = std::min(attempts - 2, 20);
  return std::min<std::chrono::milliseconds>(first_pause * (std::int64_t{1} << doublings),
                                             kMaxRetryPause);
}

}  // namespace testgen::storage
