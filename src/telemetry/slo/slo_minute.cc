#include "telemetry/slo/slo_minute.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace testgen::telemetry {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kGenerations = 8;  // where each array begins
constexpr std::size_t kDurations = kGenerations + SloMinute::kGenerationBounds.size() + 1;
constexpr std::size_t kFields = kDurations + SloMinute::kBounds.size() + 1;

using Fields = std::array<std::uint32_t, kFields>;

Fields fields_of(const SloMinute& minute) {
  Fields fields{
      kVersion,      minute.after_gap ? 1U : 0U, minute.answered ? 1U : 0U, minute.events,
      minute.errors, minute.cache_hits,          minute.cache_misses,       minute.refused};
  std::copy(minute.generations.begin(), minute.generations.end(), fields.begin() + kGenerations);
  std::copy(minute.durations.begin(), minute.durations.end(), fields.begin() + kDurations);
  return fields;
}

}  // namespace

std::uint64_t SloMinute::answers() const {
  return std::accumulate(durations.begin(), durations.end(), std::uint64_t{0});
}

void SloMinute::merge(const SloMinute& other) {
  after_gap = after_gap || other.after_gap;
  answered = answered || other.answered;
  events += other.events;
  errors += other.errors;
  cache_hits += other.cache_hits;
  cache_misses += other.cache_misses;
  refused += other.refused;
  for (std::size_t i = 0; i < generations.size(); ++i) generations[i] += other.generations[i];
  for (std::size_t i = 0; i < durations.size(); ++i) durations[i] += other.durations[i];
}

// Numbers parted by blanks, without the zeros at the end: a quiet minute is "1 0 1".
std::string SloMinute::encode() const {
  const Fields fields = fields_of(*this);
  std::size_t count = fields.size();
  while (fields[count - 1] == 0) --count;
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += std::to_string(fields[i]);
  }
  return text;
}

std::optional<SloMinute> SloMinute::decode(std::string_view text) {
  Fields fields{};
  std::size_t count = 0;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at != end) {
    if (count == fields.size()) return std::nullopt;
    const auto [next, error] = std::from_chars(at, end, fields[count]);
    if (error != std::errc()) return std::nullopt;
    ++count;
    at = next;
    if (at == end) break;
    if (*at != ' ' || ++at == end) return std::nullopt;
  }
  if (fields[0] != kVersion || fields[1] > 1 || fields[2] > 1) return std::nullopt;
  SloMinute minute;
  minute.after_gap = fields[1] == 1;
  minute.answered = fields[2] == 1;
  minute.events = fields[3];
  minute.errors = fields[4];
  minute.cache_hits = fields[5];
  minute.cache_misses = fields[6];
  minute.refused = fields[7];
  std::copy_n(fields.begin() + kGenerations, minute.generations.size(), minute.generations.begin());
  std::copy_n(fields.begin() + kDurations, minute.durations.size(), minute.durations.begin());
  return minute;
}

}  // namespace testgen::telemetry
