#include "service/service.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "service/api/context.h"
#include "service/auth/audit_log.h"
#include "service/auth/key_ring.h"
#include "service/auth/rate_limiter.h"
#include "service/cache/result_cache.h"
#include "service/data_folder.h"
#include "service/drills/faulty_store.h"
#include "service/listener.h"
#include "service/observed_store.h"
#include "service/reload/file_watch.h"
#include "service/usage/audience.h"
#include "storage/sqlite_store.h"

namespace testgen::service {
namespace {

using base::Error;
using base::Result;
using std::chrono::milliseconds;
using std::chrono::seconds;

// For endpoints that touch the disk: they mostly wait for it, so more than there are cores.
constexpr Listener::Threads kThreads{.endpoints = 4, .max_waiting = 1024};
constexpr Listener::Threads kAdminThreads{.endpoints = 1, .max_waiting = 64};

// Open requests may finish a little later than jobs: their answers are still to be sent.
constexpr seconds kAnswerGrace{2};

// As many as half of the cores: jobs want the rest.
unsigned scan_threads() {
  return std::max(1U, std::thread::hardware_concurrency() / 2);
}

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
        DataFolder data_folder, std::unique_ptr<KeyRing> ring)
      : options(service_options),
        telemetry(service_telemetry),
        folder(std::move(data_folder)),
        keys(std::move(ring)),
        limiter(telemetry.clock()),
        usual_limit(service_options.requests_per_minute),
        audience(telemetry.metrics(), telemetry.clock()) {}

  const ServiceOptions options;
  telemetry::Telemetry& telemetry;
  DataFolder folder;
  std::unique_ptr<KeyRing> keys;
  std::unique_ptr<TlsIdentity> tls;  // null: in clear
  std::mutex tls_mutex;              // one reload at a time
  RateLimiter limiter;
  std::atomic<std::uint64_t> usual_limit;
  std::unique_ptr<AuditLog> audit;
  Audience audience;
  std::atomic<bool> draining{false};
  bool stopped = false;
  telemetry::Heartbeat io_heartbeat;
  telemetry::Heartbeat admin_heartbeat;
  std::shared_ptr<storage::Store> store;  // shared with the health check, which may overrun
  std::unique_ptr<ResultCache> cache;
  std::unique_ptr<JobQueue> queue;
  std::unique_ptr<ScanDesk> scans;
  std::unique_ptr<ApiContext> api;
  std::unique_ptr<Listener> front;
  std::unique_ptr<Listener> admin;  // may be missing
  FileWatch watch;

  // The account of the objectives leaves with the store that keeps it.
  ~Parts() {
    if (const base::Status kept = telemetry.slo().detach(); !kept) {
      telemetry.count_error(kept.error(), "storage");
    }
  }

  base::Status open_storage();
  base::Status open_queue(JobRunner runner);
  base::Status open_audit();
  base::Status open_tls();
  base::Result<std::unique_ptr<Listener>> make_listener(const ListenAddress& address);
  void add_routes();
  void add_checks();
  base::Status listen();
  void reload_keys();
  void reload_certificate();
  void tell_certificate();
  void account_for(std::string_view action, std::string_view outcome, std::string detail);
};

base::Status Service::Parts::open_storage() {
  TG_ASSIGN(auto opened, storage::SqliteStore::open({.file = folder.database()}));
  std::unique_ptr<storage::Store> kept = std::move(opened);
  if (options.faults) kept = make_faulty(std::move(kept), options.faults);
  store = observe(std::move(kept), telemetry);
  TG_TRY(telemetry.slo().attach(slo_history(store)));
  TG_TRY(show_ratings(*store, telemetry));
  CacheOptions kept_results{.folder = folder.cache(),
                            .max_disk_bytes = options.cache_bytes,
                            .max_age = options.keep_cached,
                            .shared = options.shared_cache};
  if (options.faults) {
    kept_results.lost = [faults = options.faults] { return faults->on(Fault::CacheLost); };
  }
  TG_ASSIGN(cache, ResultCache::open(kept_results, telemetry));
  return {};
}

base::Status Service::Parts::open_queue(JobRunner runner) {
  QueueOptions queue_options;
  queue_options.workers =
      options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency());
  queue_options.max_queued = options.max_queued;
  queue_options.retention = options.keep_jobs;
  TG_ASSIGN(queue,
            JobQueue::open(queue_options, *store, telemetry, std::move(runner),
                           [this](const model::Job& job, const telemetry::SpanContext& parent) {
                             if (job.content_key.empty()) return;  // asked of an older version
                             cache->put(job.content_key, job_json(job, /*cached=*/true), parent);
                           }));
  return {};
}

base::Status Service::Parts::open_audit() {
  const std::filesystem::path file =
      options.audit_file.empty() ? folder.audit_log() : options.audit_file;
  TG_ASSIGN(audit, AuditLog::open(file, telemetry.clock(), [this](const Error& error) {
              telemetry.count_error(error, "auth");
              telemetry.log().write(telemetry::LogEvent::AuditFailed, {{"error", error.message}});
            }));
  return {};
}

base::Status Service::Parts::open_tls() {
  if (options.tls.certificate.empty() != options.tls.key.empty()) {
    return Error{base::ErrorCode::InvalidArgument, "TLS needs a certificate and its key",
                 "give both --tls-certificate and --tls-key, or neither"};
  }
  if (options.tls.certificate.empty()) return {};
  TG_ASSIGN(tls, TlsIdentity::load(options.tls));
  tell_certificate();
  return {};
}

void Service::Parts::tell_certificate() {
  const TlsIdentity::Certificate certificate = tls->certificate();
  telemetry.metrics().tls_certificate_expiry_timestamp_seconds.set(
      base::unix_seconds(certificate.expires));
  telemetry.log().write(telemetry::LogEvent::CertificateLoaded,
                        {{"file", tls->files().certificate.string()},
                         {"subject", certificate.subject},
                         {"expires", base::format_rfc3339(certificate.expires)}});
}

base::Result<std::unique_ptr<Listener>> Service::Parts::make_listener(
    const ListenAddress& address) {
  TG_ASSIGN(Authenticator authenticator,
            Authenticator::create(address, options.token, *keys, telemetry.clock()));
  return std::make_unique<Listener>(
      address, std::move(authenticator),
      Listener::Shared{limiter, usual_limit, *audit, audience, telemetry});
}

// With a listener of their own, what administrators look at is nowhere else.
void Service::Parts::add_routes() {
  Router& router = front->router();
  scans = std::make_unique<ScanDesk>(ScanDesk::Options{.threads = scan_threads()}, options.scanner,
                                     telemetry);
  api = std::make_unique<ApiContext>(
      ApiContext{*store, *queue, *cache, *scans, telemetry, front->in_flight(), draining,
                 options.version, options.environment, options.engines, options.tickets});
  if (!api->environment) {
    api->environment = [](const std::string& name) -> Result<std::string> {
      if (name.empty()) return std::string();
      return Error{base::ErrorCode::NotFound, "there is no environment " + name, ""};
    };
  }
  add_generate(router, *api);
  add_scan(router, *api);
  add_jobs(router, *api);
  add_events(router, *api);
  add_feedback(router, *api);
  add_alerts(router, *api);
  add_probes(router, telemetry);
  add_metrics(router, telemetry);
  add_debug(admin ? admin->router() : router, *api);
  add_documents(router, options.version);
  if (admin) {
    add_probes(admin->router(), telemetry);
    add_metrics(admin->router(), telemetry);
    add_documents(admin->router(), options.version);
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
  if (options.shared_cache) {
    health.add_check(
        CheckOptions::from(telemetry::kRedisCheck),
        [shared = options.shared_cache](base::SteadyTime deadline) -> telemetry::CheckResult {
          const base::Status answers = shared->check(deadline);
          if (answers) return {};
          return {false, base::describe(answers.error())};
        });
  } else {
    health.add_unconfigured(telemetry::kRedisCheck);
  }
  if (options.check_models) {
    health.add_check(CheckOptions::from(telemetry::kLlmApiCheck), options.check_models);
  } else {
    health.add_unconfigured(telemetry::kLlmApiCheck);
  }
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

base::Status Service::Parts::listen() {
  ServerOptions http = options.http;
  http.tls = tls.get();
  io_heartbeat = telemetry.health().watch(telemetry::kHttpThread);
  http.on_sweep = [this, heartbeat = io_heartbeat]() mutable {
    heartbeat.beat();
    audience.refresh();
  };
  http.on_lag = [this](std::chrono::nanoseconds lag) {
    telemetry.metrics().http_loop_lag_seconds.observe(std::chrono::duration<double>(lag).count());
  };
  if (admin) {
    ServerOptions own = options.http;
    own.tls = tls.get();
    own.thread_name = "tg-admin";
    admin_heartbeat = telemetry.health().watch(telemetry::kAdminThread);
    own.on_sweep = [heartbeat = admin_heartbeat]() mutable { heartbeat.beat(); };
    TG_TRY(admin->listen(std::move(own), kAdminThreads));
  }
  return front->listen(std::move(http), kThreads);
}

// On the watching thread, or on the one that reloads.
void Service::Parts::reload_keys() {
  const Result<bool> changed = keys->reload();
  if (!changed) {
    telemetry.log().write(
        telemetry::LogEvent::ReloadFailed,
        {{"what", "keys"}, {"error", changed.error().message}, {"hint", changed.error().hint}});
    account_for("keys.reload", "failed", changed.error().message);
  } else if (*changed) {
    const std::size_t usable = keys->usable(telemetry.clock().wall_now());
    telemetry.log().write(telemetry::LogEvent::KeysChanged, {{"usable", usable}});
    account_for("keys.reload", "ok", std::to_string(usable) + " usable keys");
  }
}

void Service::Parts::reload_certificate() {
  if (!tls) return;
  const std::lock_guard lock(tls_mutex);
  const base::Status taken = tls->reload(telemetry.clock().wall_now());
  if (!taken) {
    telemetry.log().write(
        telemetry::LogEvent::ReloadFailed,
        {{"what", "certificate"}, {"error", taken.error().message}, {"hint", taken.error().hint}});
    account_for("certificate.reload", "failed", taken.error().message);
    return;
  }
  tell_certificate();
  account_for("certificate.reload", "ok", tls->certificate().subject);
}

void Service::Parts::account_for(std::string_view action, std::string_view outcome,
                                 std::string detail) {
  AuditRecord record{.action = action, .outcome = outcome};
  record.detail = std::move(detail);
  audit->write(record);
}

Result<std::unique_ptr<Service>> Service::open(const ServiceOptions& options,
                                               telemetry::Telemetry& telemetry, JobRunner runner) {
  TG_ASSIGN(const ListenAddress address, ListenAddress::parse(options.listen));
  TG_ASSIGN(std::unique_ptr<KeyRing> keys, KeyRing::open(KeyFile(options.data)));
  // Before anything is made: who may not listen leaves nothing behind.
  TG_TRY(Authenticator::create(address, options.token, *keys, telemetry.clock()));
  TG_ASSIGN(DataFolder folder, DataFolder::open(options.data));
  auto parts = std::make_unique<Parts>(options, telemetry, std::move(folder), std::move(keys));
  TG_TRY(parts->open_tls());
  TG_TRY(parts->open_audit());
  TG_ASSIGN(parts->front, parts->make_listener(address));
  if (!options.admin_listen.empty()) {
    auto admin_address = ListenAddress::parse(options.admin_listen);
    if (!admin_address) return admin_address.error().with_context("--admin-listen");
    TG_ASSIGN(parts->admin, parts->make_listener(*admin_address));
  }
  TG_TRY(parts->open_storage());
  TG_TRY(parts->open_queue(std::move(runner)));
  parts->add_routes();
  parts->add_checks();
  TG_TRY(parts->listen());
  parts->watch.add({parts->keys->path()}, [raw = parts.get()] { raw->reload_keys(); });
  if (parts->tls) {
    parts->watch.add({options.tls.certificate, options.tls.key},
                     [raw = parts.get()] { raw->reload_certificate(); });
  }
  parts->watch.start();
  const std::string listening = parts->front->server()->address().to_string();
  telemetry.log().write(telemetry::LogEvent::ServiceStarted,
                        {{"listen", listening},
                         {"data", options.data.string()},
                         {"version", options.version},
                         {"authentication", parts->front->authenticator().closed()}});
  parts->account_for("service.start", "ok", "listening on " + listening);
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Service::~Service() {
  if (parts_->front && parts_->front->server() != nullptr)
    shutdown(parts_->telemetry.clock().steady_now());
}

const ListenAddress& Service::address() const {
  return parts_->front->server()->address();
}

const ListenAddress* Service::admin_address() const {
  return parts_->admin ? &parts_->admin->server()->address() : nullptr;
}

void Service::reload(const LiveOptions& options) {
  Parts& parts = *parts_;
  parts.usual_limit = options.requests_per_minute;
  parts.audit->reopen();
  parts.reload_keys();
  parts.reload_certificate();
}

void Service::account_for(std::string_view action, std::string_view outcome, std::string detail) {
  parts_->account_for(action, outcome, std::move(detail));
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
  Server& front = *parts.front->server();
  [[maybe_unused]] bool drained = front.drain(clock.steady_now());  // closes the port
  parts.queue->shutdown(deadline);
  drained = front.drain(deadline);
  if (!drained) {
    parts.scans->stop();
    drained = front.drain(clock.steady_now() + kAnswerGrace);
  }
  // Last: how the service stops can be watched to the end.
  if (parts.admin) {
    [[maybe_unused]] const bool left = parts.admin->server()->drain(clock.steady_now());
  }
  parts.watch.stop();
  parts.account_for("service.stop", "ok", "");
  parts.io_heartbeat.idle();
  parts.admin_heartbeat.idle();
  parts.telemetry.health().shutdown(clock.steady_now() + kAnswerGrace);
  parts.telemetry.log().write(telemetry::LogEvent::ServiceStopped, {{"all_answered", drained}});
}

}  // namespace testgen::service
