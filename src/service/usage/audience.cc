#include "service/usage/audience.h"

#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "base/random.h"

namespace testgen::service {
namespace {

// Past it new ones are let in and not remembered: an attacker's addresses must not fill memory.
constexpr std::size_t kMaxRemembered = 20'000;
// How long a caller's habit outlives its last request.
constexpr std::chrono::hours kHabit{24};
constexpr std::chrono::seconds kRefresh{1};

std::uint64_t random_salt() {
  std::array<std::byte, 8> bytes{};
  base::random_bytes(bytes);
  std::uint64_t salt = 0;
  std::memcpy(&salt, bytes.data(), sizeof salt);
  return salt;
}

// True when it was not there, and there was room.
bool learn(std::unordered_set<std::uint64_t>& known, std::uint64_t what) {
  return known.size() < kMaxRemembered && known.insert(what).second;
}

}  // namespace

std::string_view network_of(std::string_view address) {
  const bool v6 = address.find(':') != std::string_view::npos;
  const char separator = v6 ? ':' : '.';
  std::size_t end = 0;
  for (int part = 0; part < (v6 ? 4 : 3); ++part) {
    end = address.find(separator, end);
    if (end == std::string_view::npos) return address;
    ++end;
  }
  return address.substr(0, end);
}

Audience::Audience(const telemetry::Metrics& metrics, const base::Clock& clock)
    : metrics_(metrics), clock_(clock), salt_(random_salt()) {}

std::uint64_t Audience::hash(std::initializer_list<std::string_view> parts) const {
  std::string text = std::to_string(salt_);
  for (const std::string_view part : parts) {
    text += '\n';  // no header holds one
    text += part;
  }
  return std::stoull(base::sha256_hex(text).substr(0, 16), nullptr, 16);
}

void Audience::arrived(std::string_view key, std::string_view address, std::string_view client) {
  const std::uint64_t caller_hash = hash({"caller", key, address});
  const std::uint64_t session_hash = hash({"session", key, address, client});
  const std::uint64_t network_hash = hash({"network", network_of(address)});
  const std::uint64_t key_hash = key.empty() ? 0 : hash({"key", key});
  const base::SteadyTime now = clock_.steady_now();
  {
    const std::lock_guard lock(mutex_);
    if (!key.empty() && learn(keys_, key_hash)) metrics_.access_events_total.with("new_key").add();
    if (learn(networks_, network_hash)) metrics_.access_events_total.with("new_network").add();
    const auto caller = callers_.find(caller_hash);
    if (caller != callers_.end()) {
      count_volume(caller->second, now);
    } else if (callers_.size() < kMaxRemembered) {
      count_volume(callers_[caller_hash], now);
    }
    const auto session = sessions_.find(session_hash);
    if (session == sessions_.end() || now - session->second > kActiveSession) {
      metrics_.sessions_total.add();
    }
    if (session != sessions_.end()) {
      session->second = now;
    } else if (sessions_.size() < kMaxRemembered) {
      sessions_[session_hash] = now;
    }
  }
  refresh();
}

void Audience::count_volume(Caller& caller, base::SteadyTime now) {
  caller.last = now;
  const std::int64_t minute =
      std::chrono::floor<std::chrono::minutes>(now.time_since_epoch()).count();
  if (minute != caller.minute) {
    if (caller.in_minute > 0) {
      ++caller.minutes_before;
      caller.requests_before += caller.in_minute;
    }
    caller.minute = minute;
    caller.in_minute = 0;
  }
  ++caller.in_minute;
  const std::uint64_t habit =
      caller.minutes_before > 0 ? caller.requests_before / caller.minutes_before : 0;
  // Once a minute, at the request that passes the line.
  if (caller.in_minute == std::max(kUnusualFloor, kUnusualTimes * habit) + 1) {
    metrics_.access_events_total.with("unusual_volume").add();
  }
}

void Audience::denied() const {
  metrics_.access_events_total.with("denied_permission").add();
}

void Audience::refresh() {
  const std::lock_guard lock(mutex_);
  const base::SteadyTime now = clock_.steady_now();
  if (now - refreshed_ < kRefresh) return;
  refreshed_ = now;
  forget_quiet(now);
  const auto users = std::count_if(callers_.begin(), callers_.end(), [&](const auto& each) {
    return now - each.second.last <= kActiveUser;
  });
  metrics_.active_users.set(static_cast<double>(users));
  metrics_.active_sessions.set(static_cast<double>(sessions_.size()));
}

void Audience::forget_quiet(base::SteadyTime now) {
  std::erase_if(callers_, [&](const auto& each) { return now - each.second.last > kHabit; });
  std::erase_if(sessions_, [&](const auto& each) { return now - each.second > kActiveSession; });
}

}  // namespace testgen::service
