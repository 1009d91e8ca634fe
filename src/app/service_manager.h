// Tells systemd how the service is, by the protocol of sd_notify(3): ready, reloading, stopping,
// and a sign of life for its watchdog while the service is alive. Does nothing where no manager
// asks. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "config/settings.h"

namespace testgen::app {

class ServiceManager {
 public:
  struct Options {
    std::string socket;                     // path, or @name of an abstract one; empty: none
    std::chrono::microseconds watchdog{0};  // it wants to hear of us this often; 0: it does not
  };
  // The watchdog of another process is not ours to feed.
  [[nodiscard]] static Options options_of(const config::Settings& settings, int pid);

  // `alive` is asked twice in each interval, on a thread of its own; while it says no, the manager
  // hears nothing, and ends and restarts the service.
  ServiceManager(const Options& options, std::function<bool()> alive);

  void ready();
  void reloading(base::SteadyTime now);
  void stopping();

 private:
  void tell(std::string_view state) const;
  void keep_watchdog(const std::stop_token& stop);

  const Options options_;
  const std::function<bool()> alive_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::jthread watchdog_;
};

}  // namespace testgen::app
