// The service as a whole and in its order of life: open the data folder, take back unfinished
// jobs, listen, be ready; later not ready, drain, stop. One object is one running service.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "service/http/listen_address.h"
#include "service/http/server.h"
#include "service/queue/job_queue.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

struct ServiceOptions {
  std::string listen = "127.0.0.1:8000";
  std::filesystem::path data;  // created when missing; one service at a time uses it
  std::string token;           // bearer token; needed to listen beyond this machine
  std::string version = "0";   // of the tool; results of another version are not reused
  unsigned workers = 0;        // jobs at once; 0: as many as there are cores
  std::uint64_t max_queued = 256;
  std::uint64_t cache_bytes = 512ULL << 20U;
  std::uint64_t min_free_bytes = 64ULL << 20U;  // of the data folder's disk; below: not ready
  // How long the service still answers, as not ready, before it closes its listener.
  std::chrono::milliseconds drain_notice{500};
  // Whether programs can still be isolated. Called on a thread that may outlive the service, so
  // it owns what it uses. Empty: not checked.
  std::function<telemetry::CheckResult(base::SteadyTime deadline)> check_sandbox;
  ServerOptions http;  // limits and deadlines; its address is not used
};

class Service {
 public:
  // Listens when it returns, and is ready once the first health checks have passed, some
  // milliseconds later. `telemetry` is borrowed and keeps this service's checks: one service for
  // each telemetry object. The runner is called on queue threads.
  [[nodiscard]] static base::Result<std::unique_ptr<Service>> open(const ServiceOptions& options,
                                                                   telemetry::Telemetry& telemetry,
                                                                   JobRunner runner);
  // Stops at once, with what runs put back into the queue.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] const ListenAddress& address() const;

  // Not ready first, then no new connections, then running jobs and open requests until the
  // deadline; jobs that are not done by then go back into the queue. Loses nothing.
  void shutdown(base::SteadyTime deadline);

 private:
  struct Parts;
  explicit Service(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace testgen::service
