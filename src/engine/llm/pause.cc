#include "engine/llm/pause.h"

#include <condition_variable>
#include <mutex>

namespace testgen::llm {

bool SystemPause::until(base::SteadyTime when, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_until(lock, stop, when, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace testgen::llm
