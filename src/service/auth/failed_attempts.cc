#include "service/auth/failed_attempts.h"

namespace testgen::service {
namespace {

constexpr std::chrono::minutes kWindow{1};
constexpr std::uint64_t kIncident = 10;
constexpr std::uint64_t kAgain = 100;
constexpr std::size_t kMaxPeers = 1024;

}  // namespace

std::optional<std::uint64_t> FailedAttempts::note(const std::string& peer) {
  const base::SteadyTime now = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  if (windows_.size() >= kMaxPeers && !windows_.contains(peer)) {
    std::erase_if(windows_, [&](const auto& entry) { return now - entry.second.begun > kWindow; });
    if (windows_.size() >= kMaxPeers) windows_.erase(windows_.begin());
  }
  Window& window = windows_.try_emplace(peer, Window{now}).first->second;
  if (now - window.begun > kWindow) window = {now};
  ++window.count;
  if (window.count == kIncident || window.count % kAgain == 0) return window.count;
  return std::nullopt;
}

}  // namespace testgen::service
