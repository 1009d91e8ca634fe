// What the endpoints work with, and how they say what a job is. Everything is borrowed from the
// Service, which outlives every request.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "service/cache/result_cache.h"
#include "service/http/exchange.h"
#include "service/http/middleware.h"
#include "service/queue/job_queue.h"
#include "storage/store.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

struct ApiContext {
  storage::Store& store;
  JobQueue& queue;
  ResultCache& cache;
  telemetry::Telemetry& telemetry;
  const InFlight& in_flight;
  const std::atomic<bool>& draining;
  std::string version;  // of the tool; part of every cache key
};

// A job as the API shows it. The result goes in as it is: it is JSON already.
[[nodiscard]] std::string job_json(const model::Job& job, bool cached);

[[nodiscard]] Response json_response(int status, std::string body);

// Each registers its route.
void add_generate(Router& router, ApiContext& api);
void add_jobs(Router& router, ApiContext& api);
void add_probes(Router& router, telemetry::Telemetry& telemetry);
void add_metrics(Router& router, telemetry::Telemetry& telemetry);
void add_debug(Router& router, ApiContext& api);

}  // namespace testgen::service
