// The promises of the service, in one table. Each is judged by a share of bad events and how
// large that share may be: its error budget. The rest of the room measures, documents and
// exposes what stands here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace testgen::telemetry {

enum class ObjectiveId : std::uint8_t {
  Availability,
  ErrorRate,
  ResponseTime,
  GenerationTime,
  Throughput,
  CacheHitRate,
};

struct Objective {
  ObjectiveId id;
  std::string_view name;     // the value of the label `objective`
  std::string_view meaning;  // with its target, for people
  double target;             // a share from 0 to 1, seconds, or requests a minute
  double allowed;            // share of bad events that the promise leaves room for
  std::string_view bad;      // what a bad event is, and of what
};

inline constexpr std::array<Objective, 6> kObjectives{{
    {ObjectiveId::Availability, "availability", "minutes answered: 99.9 %", 0.999, 0.001,
     "a minute in which the service did not answer, of all minutes"},
    {ObjectiveId::ErrorRate, "error_rate", "failed answers and jobs: 0.1 %", 0.001, 0.001,
     "an answer of 500 and above or a job failed by the service, of all answers and jobs"},
    {ObjectiveId::ResponseTime, "response_time", "95th percentile under 2 s", 2, 0.05,
     "an answer later than the target, of all answers"},
    {ObjectiveId::GenerationTime, "generation_time", "generation of a file under 30 s", 30, 0.05,
     "a file that took longer than the target, of all files"},
    {ObjectiveId::Throughput, "throughput", "over 100 requests a minute", 100, 0.001,
     "a minute in which callers were turned away though fewer than the target were answered, of "
     "all minutes"},
    {ObjectiveId::CacheHitRate, "cache_hit_rate", "hits over 80 % of look-ups", 0.8, 0.2,
     "a look-up that missed, of all look-ups"},
}};

[[nodiscard]] constexpr const Objective& objective(ObjectiveId id) {
  return kObjectives[static_cast<std::size_t>(id)];
}

}  // namespace testgen::telemetry
