// A unit of work of the service: what was asked, where it stands, what came out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace testgen::model {

enum class JobState { Queued, Running, Succeeded, Failed, Cancelled };

[[nodiscard]] std::string_view to_string(JobState state);
[[nodiscard]] std::optional<JobState> job_state_from(std::string_view text);
[[nodiscard]] inline bool is_final(JobState state) {
  return state == JobState::Succeeded || state == JobState::Failed || state == JobState::Cancelled;
}

struct Job {
  std::string id;    // 32 hexadecimal digits
  std::string kind;  // "generate"
  JobState state = JobState::Queued;
  std::string request_json;     // the validated request
  std::string result_json;      // set when Succeeded
  std::string error_json;       // problem document, set when Failed
  std::string traceparent;      // of the request that created it: telemetry::pack_context()
  std::string idempotency_key;  // of the request; empty when none was sent
  std::string tenant;           // whose job it is; empty without keys
  std::string key_id;           // the API key it was posted with; empty without keys
  std::string content_key;      // the same for the same question; empty: never shared
  int attempts = 0;
  base::WallTime created{};
  base::WallTime started{};
  base::WallTime finished{};
};

}  // namespace testgen::model
