// Who uses the service: how many callers and sessions are active, and which accesses deserve a
// look. A caller is a key and an address, a session one caller's use of one client program. Only
// salted hashes are kept, in memory, up to a bound; nothing here becomes a label. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/clock.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::service {

class Audience {
 public:
  // Both are borrowed.
  Audience(const telemetry::Metrics& metrics, const base::Clock& clock);

  // A request that was let in. `key` is the credential it came with, or empty.
  void arrived(std::string_view key, std::string_view address, std::string_view client);
  // A request of a known caller for something it may not do.
  void denied() const;
  // Lets callers and sessions go quiet; to be called every second or so.
  void refresh();

  static constexpr std::chrono::minutes kActiveUser{5};
  static constexpr std::chrono::minutes kActiveSession{30};
  // Requests of one caller within a minute that are unusual: this many times its own habit, and
  // never fewer than the floor.
  static constexpr std::uint64_t kUnusualTimes = 10;
  static constexpr std::uint64_t kUnusualFloor = 120;

 private:
  struct Caller {
    base::SteadyTime last{};
    std::int64_t minute = 0;
    std::uint64_t in_minute = 0;
    std::uint64_t minutes_before = 0;   // in which it called
    std::uint64_t requests_before = 0;  // in those
  };
  [[nodiscard]] std::uint64_t hash(std::initializer_list<std::string_view> parts) const;
  void count_volume(Caller& caller, base::SteadyTime now);
  void forget_quiet(base::SteadyTime now);

  const telemetry::Metrics& metrics_;
  const base::Clock& clock_;
  const std::uint64_t salt_;
  std::mutex mutex_;
  base::SteadyTime refreshed_{};
  std::unordered_map<std::uint64_t, Caller> callers_;
  std::unordered_map<std::uint64_t, base::SteadyTime> sessions_;
  std::unordered_set<std::uint64_t> keys_;
  std::unordered_set<std::uint64_t> networks_;
};

// The network of an address: the first three numbers of an IPv4 one, the first four groups of an
// IPv6 one; anything else is its own network.
[[nodiscard]] std::string_view network_of(std::string_view address);

}  // namespace testgen::service
