// What the endpoints work with, and how they say what a job is. Everything is borrowed from the
// Service, which outlives every request.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "service/api/engines.h"
#include "service/api/question_memo.h"
#include "service/api/ticket_request.h"
#include "service/cache/result_cache.h"
#include "service/http/exchange.h"
#include "service/http/middleware.h"
#include "service/queue/job_queue.h"
#include "service/scans/scan_desk.h"
#include "storage/store.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

struct ApiContext {
  storage::Store& store;
  JobQueue& queue;
  ResultCache& cache;
  ScanDesk& scans;
  telemetry::Telemetry& telemetry;
  const InFlight& in_flight;
  const std::atomic<bool>& draining;
  std::string version;  // of the tool; part of every cache key
  // What a result depends on besides the request: the interpreter of that environment, or of none,
  // and what is installed for it. NotFound for a name that is not there.
  std::function<base::Result<std::string>(const std::string& name)> environment;
  Engines engines;
  TicketDesk tickets;  // empty: alerts get no tickets
  std::unique_ptr<QuestionMemo> questions = std::make_unique<QuestionMemo>();
};

// Whose work the caller sees and owns.
[[nodiscard]] std::string tenant_of(const Exchange& exchange);
// The job, if it is the caller's; NotFound else.
[[nodiscard]] base::Result<model::Job> own_job(ApiContext& api, const Exchange& exchange,
                                               const std::string& id);

// A job as the API shows it, with how far it is while it runs. The result goes in as it is: it is
// JSON already.
[[nodiscard]] std::string job_json(const model::Job& job, bool cached,
                                   const std::optional<JobQueue::Run>& run = std::nullopt);

[[nodiscard]] Response json_response(int status, std::string body);

// Each registers its route.
void add_generate(Router& router, ApiContext& api);
void add_scan(Router& router, ApiContext& api);
void add_jobs(Router& router, ApiContext& api);
void add_events(Router& router, ApiContext& api);
void add_feedback(Router& router, ApiContext& api);
void add_alerts(Router& router, ApiContext& api);
void add_probes(Router& router, telemetry::Telemetry& telemetry);
void add_metrics(Router& router, telemetry::Telemetry& telemetry);
void add_debug(Router& router, ApiContext& api);
// The last one: it describes the others.
void add_documents(Router& router, const std::string& version);

// The shares of accepted tests and of false positives, from what the store knows; once at start,
// then after each change.
[[nodiscard]] base::Status show_ratings(storage::Store& store, telemetry::Telemetry& telemetry);

}  // namespace testgen::service
