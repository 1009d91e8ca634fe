// The service as a whole and in its order of life: open the data folder, take back unfinished
// jobs, listen, be ready; later not ready, drain, stop. One object is one running service.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "service/api/engines.h"
#include "service/api/ticket_request.h"
#include "service/cache/shared_cache.h"
#include "service/drills/fault_board.h"
#include "service/http/listen_address.h"
#include "service/http/server.h"
#include "service/http/tls.h"
#include "service/queue/job_queue.h"
#include "service/scans/scan_input.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

struct ServiceOptions {
  std::string listen = "127.0.0.1:8000";
  std::filesystem::path data;        // created when missing; one service at a time uses it
  std::string token;                 // an administrator's, besides the API keys of the data folder
  std::string admin_listen;          // where administrators look into it; empty: at `listen`
  TlsFiles tls;                      // of all listeners; empty names: in clear
  std::filesystem::path audit_file;  // empty: in the data folder
  std::uint64_t requests_per_minute = 0;  // of a key without a limit of its own; 0: no limit
  std::string version = "0";              // of the tool; results of another version are not reused
  unsigned workers = 0;                   // jobs at once; 0: as many as there are cores
  std::uint64_t max_queued = 256;
  std::uint64_t cache_bytes = 512ULL << 20U;
  std::chrono::milliseconds keep_jobs{std::chrono::hours(24 * 7)};     // that have ended
  std::chrono::milliseconds keep_cached{std::chrono::hours(24 * 30)};  // results
  std::shared_ptr<SharedCache> shared_cache;    // of results, with other services; null: none
  std::uint64_t min_free_bytes = 64ULL << 20U;  // of the data folder's disk; below: not ready
  // How long the service still answers, as not ready, before it closes its listener.
  std::chrono::milliseconds drain_notice{500};
  // Whether programs can still be isolated. Called on a thread that may outlive the service, so
  // it owns what it uses. Empty: not checked.
  std::function<telemetry::CheckResult(base::SteadyTime deadline)> check_sandbox;
  // The models of the installation; none when it asks none. As above, it may be left behind.
  std::function<telemetry::CheckResult(base::SteadyTime deadline)> check_models;
  // What results depend on besides the request: the interpreter of that named environment, or of
  // none, and what is installed for it; NotFound for a name that is not there. Called on many
  // threads for each request; empty: nothing, and there are no environments.
  std::function<base::Result<std::string>(const std::string& name)> environment;
  Engines engines;
  Scanner scanner;     // all of its functions are needed
  ServerOptions http;  // limits and deadlines; its address is not used
  TicketDesk tickets;  // for alerts that ask for one
  // What drills may break; null: nothing. Shared with the health check, which may overrun.
  std::shared_ptr<const FaultBoard> faults;
};

// What may change while the service runs.
struct LiveOptions {
  std::uint64_t requests_per_minute = 0;
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
  // Null without a listener for administrators.
  [[nodiscard]] const ListenAddress* admin_address() const;

  // Takes these, reads the API keys and the certificate again and opens the audit log's name
  // again. What cannot be used stays as it was, and the log says why. From any thread, one at a
  // time. New keys and certificates are noticed without it, a second or so later.
  void reload(const LiveOptions& options);
  // A line of the audit log about the service as a whole.
  void account_for(std::string_view action, std::string_view outcome, std::string detail);

  // Not ready first, then no new connections, then running jobs and open requests until the
  // deadline; jobs that are not done by then go back into the queue. Loses nothing.
  void shutdown(base::SteadyTime deadline);

 private:
  struct Parts;
  explicit Service(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace testgen::service
