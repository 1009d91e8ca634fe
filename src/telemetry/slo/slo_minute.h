// What happened in one minute, as numbers that add up over minutes and windows, and as text of a
// few bytes for keeping 30 days of them. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace testgen::telemetry {

struct SloMinute {
  // Upper bounds of the response times counted, in seconds. The objectives 0.5, 1, 2, 5 and 30
  // are among them, so that the percentile is exact there.
  static constexpr std::array<double, 18> kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                  0.1,   0.2,    0.35,  0.5,  0.75,  1,
                                                  1.5,   2,      3.5,   5,    10,    30};

  // The same for the time to generate the tests of a file.
  static constexpr std::array<double, 9> kGenerationBounds{0.5, 1, 2, 5, 10, 20, 30, 60, 120};

  bool after_gap = false;  // nobody was watching between the minute before and this one
  bool answered = false;
  std::uint32_t events = 0;  // answers and jobs
  std::uint32_t errors = 0;  // of them, those that failed
  std::uint32_t cache_hits = 0;
  std::uint32_t cache_misses = 0;
  std::uint32_t refused = 0;  // callers turned away for lack of room
  std::array<std::uint32_t, kGenerationBounds.size() + 1> generations{};  // files, by time
  std::array<std::uint32_t, kBounds.size() + 1> durations{};  // answers, by response time

  [[nodiscard]] std::uint64_t answers() const;
  [[nodiscard]] bool empty() const { return *this == SloMinute{}; }
  bool operator==(const SloMinute&) const = default;

  // Counts of the same minute from two lives of the process.
  void merge(const SloMinute& other);

  [[nodiscard]] std::string encode() const;
  // Nothing for text that encode() did not write.
  [[nodiscard]] static std::optional<SloMinute> decode(std::string_view text);
};

}  // namespace testgen::telemetry
