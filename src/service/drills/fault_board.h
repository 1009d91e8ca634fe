// What a drill has broken on purpose in a service that was started with --allow-drills. The faults
// in force stand in a file of the data folder, so only who may write there can break anything, and
// they end by themselves when the time in its first line has passed. Faults are at the service's
// boundaries; nothing here can see or change what is measured. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace testgen::service {

enum class Fault : std::uint8_t {
  SandboxFails,   // no program can be started
  SandboxStalls,  // a program that is to be started waits until the drill ends
  StoreFails,     // the database refuses every call
  CacheLost,      // nothing that was kept is found
  ModelFails,     // no provider of models answers
  ModelStalls,    // a call to a provider waits until the drill ends, or its time is up
};
inline constexpr std::array<std::string_view, 6> kFaultNames{
    "sandbox-fails", "sandbox-stalls", "store-fails", "cache-lost", "model-fails", "model-stalls"};
[[nodiscard]] std::string_view name_of(Fault fault);
[[nodiscard]] std::optional<Fault> fault_named(std::string_view name);

inline constexpr const char* kFaultFile = "drill.faults";  // in the data folder

class FaultBoard {
 public:
  // `clock` is borrowed.
  FaultBoard(std::filesystem::path file, const base::Clock& clock);

  // Reads the file at most twenty times a second.
  [[nodiscard]] bool on(Fault fault) const;
  // Returns when the fault is over, or the service stops.
  void wait_while(Fault fault) const;
  // For good: the service stops, and nothing may hang.
  void close() { closed_ = true; }

 private:
  [[nodiscard]] std::uint32_t read() const;

  const std::filesystem::path file_;
  const base::Clock& clock_;
  mutable std::atomic<std::int64_t> read_at_{INT64_MIN};  // steady, in nanoseconds
  mutable std::atomic<std::uint32_t> faults_{0};
  std::atomic<bool> closed_{false};
};

// Writes the file at once, never half; no faults remove it.
[[nodiscard]] base::Status put_faults(const std::filesystem::path& data,
                                      const std::vector<Fault>& faults, base::WallTime until);

}  // namespace testgen::service
