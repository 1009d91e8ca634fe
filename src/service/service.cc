#include "service/service.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "service/api/context.h"
#include "service/auth/authenticator.h"
#include "service/cache/result_cache.h"
#include "service/data_folder.h"
#include "service/http/dispatcher.h"
#include "service/http/middleware.h"
#include "service/http/router.h"
#include "service/http/worker_pool.h"
#include "service/observed_store.h"
#include "service/usage/audience.h"
#include "storage/sqlite_store.h"

namespace testgen::service {
namespace {

using base::Error;
using base::Result;
using std::chrono::milliseconds;
using std::chrono::seconds;

// For endpoints that touch the disk: they mostly wait for it, so more than there are cores.
constexpr unsigned kEndpointThreads = 4;
constexpr std::size_t kMaxWaitingRequests = 1024;

// Open requests may finish a little later than jobs: their answers are still to be sent.
constexpr seconds kAnswerGrace{2};

telemetry::CheckResult disk_check(const std::filesystem::path& folder,
                                  std::uint64_t min_free_bytes) {
  const auto free = free_bytes(folder);
  if (!free) return {false, free.error().message};
  constexpr std::uint64_t kMebibyte = 1U << 20U;
  return {*free >= min_free_bytes,
          std::to_string(*free / kMebibyte) + " MiB free, at least " +
              std::to_string(min_free_bytes / kMebibyte) + " needed",
          *free < 2 * min_free_bytes};
}

}  // namespace

// In the order in which they are built; destroyed in the reverse order, so nothing outlives what
// it borrows.
struct Service::Parts {
  Parts(const ServiceOptions& service_options, telemetry::Telemetry& service_telemetry,
        DataFolder data_folder, Authenticator service_authenticator)
      : options(service_options),
        telemetry(service_telemetry),
        folder(std::move(data_folder)),
        authenticator(std::move(service_authenticator)),
        audience(telemetry.metrics(), telemetry.clock()),
        middleware(standard_middleware(telemetry, authenticator, audience)) {}

  const ServiceOptions options;
  telemetry::Telemetry& telemetry;
  DataFolder folder;
  Authenticator authenticator;
  Audience audience;
  StandardMiddleware middleware;
  std::atomic<bool> draining{false};
  bool stopped = false;
  telemetry::Heartbeat io_heartbeat;
  std::shared_ptr<storage::Store> store;  // shared with the health check, which may overrun
  std::unique_ptr<ResultCache> cache;
  std::unique_ptr<JobQueue> queue;
  std::unique_ptr<ApiContext> api;
  Router router;
  std::unique_ptr<Dispatcher> dispatcher;
  std::unique_ptr<WorkerPool> pool;  // its last tasks still use the dispatcher
  std::unique_ptr<Server> server;

  // The account of the objectives leaves with the store that keeps it.
  ~Parts() {
    if (const base::Status kept = telemetry.slo().detach(); !kept) {
      telemetry.count_error(kept.error(), "storage");
    }
  }

  base::Status open_storage();
  base::Status open_queue(JobRunner runner);
  void add_routes();
  void add_checks();
  base::Status listen(const ListenAddress& address);
};

base::Status Service::Parts::open_storage() {
  TG_ASSIGN(auto opened, storage::SqliteStore::open({.file = folder.database()}));
  store = observe(std::move(opened), telemetry);
  TG_TRY(telemetry.slo().attach(slo_history(store)));
  TG_ASSIGN(cache,
            ResultCache::open({.folder = folder.cache(), .max_disk_bytes = options.cache_bytes},
                              telemetry));
  return {};
}

base::Status Service::Parts::open_queue(JobRunner runner) {
  QueueOptions queue_options;
  queue_options.workers =
      options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency());
  queue_options.max_queued = options.max_queued;
  TG_ASSIGN(queue,
            JobQueue::open(queue_options, *store, telemetry, std::move(runner),
                           [this](const model::Job& job, const telemetry::SpanContext& parent) {
                             cache->put(cache_key(options.version, job.kind, job.request_json),
                                        job_json(job, /*cached=*/true), parent);
                           }));
  return {};
}

void Service::Parts::add_routes() {
  api = std::make_unique<ApiContext>(ApiContext{*store, *queue, *cache, telemetry,
                                                *middleware.in_flight, draining, options.version});
  add_generate(router, *api);
  add_jobs(router, *api);
  add_probes(router, telemetry);
  add_metrics(router, telemetry);
  add_debug(router, *api);
  for (const auto& route : router.routes()) {
    if (route->measured) telemetry.metrics().expose_route(route->method, route->path);
  }
}

void Service::Parts::add_checks() {
  using telemetry::CheckOptions;
  telemetry::Health& health = telemetry.health();
  health.add_check(CheckOptions::from(telemetry::kDatabaseCheck),
                   [kept = store](base::SteadyTime) -> telemetry::CheckResult {
                     const base::Status working = kept->check();
                     if (working) return {};
                     return {false, base::describe(working.error())};
                   });
  health.add_unconfigured(telemetry::kRedisCheck);
  health.add_unconfigured(telemetry::kLlmApiCheck);
  health.add_check(CheckOptions::from(telemetry::kDiskSpaceCheck),
                   [path = folder.path(), min = options.min_free_bytes](base::SteadyTime) {
                     return disk_check(path, min);
                   });
  if (options.check_sandbox) {
    health.add_check(CheckOptions::from(telemetry::kSandboxCheck), options.check_sandbox);
  } else {
    health.add_unconfigured(telemetry::kSandboxCheck);
  }
}

base::Status Service::Parts::listen(const ListenAddress& address) {
  pool = std::make_unique<WorkerPool>(kEndpointThreads, kMaxWaitingRequests);
  dispatcher = std::make_unique<Dispatcher>(router, middleware.list, *pool, telemetry);
  ServerOptions http = options.http;
  http.listen = address;
  io_heartbeat = telemetry.health().watch(telemetry::kHttpThread);
  http.on_sweep = [this, heartbeat = io_heartbeat]() mutable {
    heartbeat.beat();
    audience.refresh();
  };
  TG_ASSIGN(server, Server::open(http, *dispatcher, telemetry.clock()));
  return {};
}

Result<std::unique_ptr<Service>> Service::open(const ServiceOptions& options,
                                               telemetry::Telemetry& telemetry, JobRunner runner) {
  TG_ASSIGN(const ListenAddress address, ListenAddress::parse(options.listen));
  TG_ASSIGN(Authenticator authenticator, Authenticator::create(address, options.token));
  TG_ASSIGN(DataFolder folder, DataFolder::open(options.data));
  auto parts =
      std::make_unique<Parts>(options, telemetry, std::move(folder), std::move(authenticator));
  TG_TRY(parts->open_storage());
  TG_TRY(parts->open_queue(std::move(runner)));
  parts->add_routes();
  parts->add_checks();
  TG_TRY(parts->listen(address));
  telemetry.log().write(telemetry::LogEvent::ServiceStarted,
                        {{"listen", parts->server->address().to_string()},
                         {"data", options.data.string()},
                         {"version", options.version},
                         {"authentication", !options.token.empty()}});
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Service::~Service() {
  if (parts_->server) shutdown(parts_->telemetry.clock().steady_now());
}

const ListenAddress& Service::address() const {
  return parts_->server->address();
}

void Service::shutdown(base::SteadyTime deadline) {
  Parts& parts = *parts_;
  if (std::exchange(parts.stopped, true)) return;
  const base::Clock& clock = parts.telemetry.clock();
  parts.draining = true;
  parts.telemetry.health().start_draining();
  parts.telemetry.log().write(telemetry::LogEvent::ServiceStopping);
  // Load balancers see "not ready" and go elsewhere before the port closes.
  std::this_thread::sleep_until(
      std::min(deadline, clock.steady_now() + parts.options.drain_notice));
  [[maybe_unused]] bool drained = parts.server->drain(clock.steady_now());  // closes the port
  parts.queue->shutdown(deadline);
  drained = parts.server->drain(std::max(deadline, clock.steady_now() + kAnswerGrace));
  parts.io_heartbeat.idle();
  parts.telemetry.health().shutdown(clock.steady_now() + kAnswerGrace);
  parts.telemetry.log().write(telemetry::LogEvent::ServiceStopped, {{"all_answered", drained}});
}

}  // namespace testgen::service
