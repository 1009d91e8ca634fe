#include "app/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>

#include "base/unique_fd.h"

namespace testgen::app {

ServiceManager::Options ServiceManager::options_of(const config::Settings& settings, int pid) {
  Options options{.socket = settings.notify_socket};
  const bool ours =
      settings.watchdog_pid == 0 || settings.watchdog_pid == static_cast<std::uint64_t>(pid);
  if (ours) options.watchdog = std::chrono::microseconds(settings.watchdog_usec);
  return options;
}

ServiceManager::ServiceManager(const Options& options, std::function<bool()> alive)
    : options_(options), alive_(std::move(alive)) {
  if (options_.socket.empty() || options_.watchdog.count() == 0) return;
  watchdog_ = std::jthread([this](const std::stop_token& stop) { keep_watchdog(stop); });
}

void ServiceManager::ready() {
  tell("READY=1\n");
}

void ServiceManager::reloading(base::SteadyTime now) {
  const auto since_boot =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(since_boot.count()) + "\n");
}

void ServiceManager::stopping() {
  tell("STOPPING=1\n");
}

// A message that cannot be sent is lost: a manager that misses it acts on its own time-outs.
void ServiceManager::tell(std::string_view state) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (options_.socket.empty() || options_.socket.size() >= sizeof address.sun_path) return;
  std::copy(options_.socket.begin(), options_.socket.end(), address.sun_path);
  if (options_.socket.front() == '@') address.sun_path[0] = 0;
  const auto length =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + options_.socket.size());
  const base::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return;
  [[maybe_unused]] const ssize_t sent =
      ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               reinterpret_cast<const sockaddr*>(&address), length);
}

void ServiceManager::keep_watchdog(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (alive_()) tell("WATCHDOG=1\n");
    ended_.wait_for(lock, stop, options_.watchdog / 2, [] { return false; });
  }
}

}  // namespace testgen::app
