// What the service is working on, from GET /debug/requests. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::operations {

struct LiveRequest {
  std::string what;  // "POST /v1/generate"
  std::string stage;
  double age = 0;  // seconds
  std::string trace_id;
};

struct LiveJob {
  std::string id;
  std::string stage;
  double fraction = 0;
  double age = 0;  // seconds
  std::string trace_id;
};

struct LiveWork {
  std::vector<LiveRequest> requests;  // oldest first
  std::vector<LiveJob> jobs;          // oldest first
};

[[nodiscard]] base::Result<LiveWork> read_work(std::string_view answer);

}  // namespace testgen::operations
