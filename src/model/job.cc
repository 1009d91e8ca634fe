#include "model/job.h"

#include <array>

namespace testgen::model {
namespace {

constexpr std::array<std::pair<JobState, std::string_view>, 5> kNames{{
    {JobState::Queued, "queued"},
    {JobState::Running, "running"},
    {JobState::Succeeded, "succeeded"},
    {JobState::Failed, "failed"},
    {JobState::Cancelled, "cancelled"},
}};

}  // namespace

std::string_view to_string(JobState state) {
  for (const auto& [value, name] : kNames) {
    if (value == state) return name;
  }
  return "failed";
}

std::optional<JobState> job_state_from(std::string_view text) {
  for (const auto& [value, name] : kNames) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace testgen::model
