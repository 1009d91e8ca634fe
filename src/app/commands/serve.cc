// testgen serve: the service, until it is told to stop.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "app/application.h"
#include "app/commands/commands.h"
#include "app/engines.h"
#include "app/environment_hash.h"
#include "app/exit_codes.h"
#include "app/interrupt.h"
#include "app/job_runner.h"
#include "app/log_options.h"
#include "app/reload.h"
#include "app/run.h"
#include "app/scan_runner.h"
#include "app/service_manager.h"
#include "app/shared_cache.h"
#include "app/telemetry_options.h"
#include "app/terminal.h"
#include "app/ticket_desk.h"
#include "app/version.h"
#include "base/abandoned_folders.h"
#include "sandbox/bubblewrap.h"
#include "service/auth/authenticator.h"
#include "service/drills/process_file.h"
#include "service/environments/environments.h"
#include "service/service.h"

namespace testgen::app {
namespace {

constexpr std::chrono::seconds kTelemetryDeadline{3};

telemetry::TelemetryOptions service_telemetry(const config::Settings& settings) {
  telemetry::TelemetryOptions options = telemetry_options(settings);
  options.logging = logging_options(settings, is_terminal(STDERR_FILENO));
  return options;
}

void warn_of_deprecated(const config::Settings& settings, telemetry::Logger& log) {
  if (settings.jaeger_endpoint.empty()) return;
  log.write(telemetry::LogEvent::DeprecatedSetting, {{"setting", "OTEL_EXPORTER_JAEGER_ENDPOINT"},
                                                     {"instead", "OTEL_EXPORTER_OTLP_ENDPOINT"}});
}

// The token clients must send: from the file, or else from the variable.
base::Result<std::string> read_token(const config::Settings& settings) {
  if (settings.token_file.empty()) return settings.api_token;
  auto token = service::read_token_file(settings.token_file);
  if (!token) return std::move(token).error().with_context("--token-file");
  return token;
}

telemetry::CheckResult check_sandbox(base::SteadyTime) {
  const base::Status usable = sandbox::BubblewrapSandbox().check();
  if (usable) return {};
  return {false, base::describe(usable.error())};
}

service::ServiceOptions service_options(const config::Settings& settings, std::string token) {
  service::ServiceOptions options;
  options.listen = settings.listen;
  options.data = settings.data;
  options.admin_listen = settings.admin_listen;
  options.token = std::move(token);
  options.tls = {settings.tls_certificate, settings.tls_key};
  options.audit_file = settings.audit_log;
  options.requests_per_minute = settings.rate_limit;
  options.version = version();
  options.workers = static_cast<unsigned>(settings.workers);
  options.max_queued = settings.queue_limit;
  options.cache_bytes = settings.cache_size;
  options.keep_jobs = settings.keep_jobs;
  options.keep_cached = settings.keep_cached;
  options.http.body_limit = settings.body_limit;
  if (!settings.unsafe_no_sandbox) options.check_sandbox = check_sandbox;
  return options;
}

// Each connection is a descriptor, and the usual soft limit is 1024.
void allow_many_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);  // where it is refused, there are fewer connections
}

constexpr std::string_view kDrillWarning =
    "testgen: warning: --allow-drills lets whoever may write to the data folder break this "
    "service\n"
    "  on purpose, for a while; it is meant for drills\n";

// A counter that is born with its first error hides that error from rate(): the series of the
// providers that this service may ask stand at zero from the start.
void show_providers(const ModelStack& models, const telemetry::Metrics& metrics) {
  for (const ConfiguredModel& model : models.models()) {
    for (const char* const status : {"success", "error", "timeout", "rate_limited"}) {
      metrics.llm_requests_total.with(model.provider, status).add(0);
    }
    for (const char* const type : {"timeout", "rate_limited", "unavailable", "authentication",
                                   "invalid_response", "other"}) {
      metrics.llm_errors_total.with(model.provider, type).add(0);
    }
    metrics.llm_cost_dollars_total.with(model.provider).add(0);
  }
}

void wait_for(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait(lock, stop, [] { return false; });
}

}  // namespace

int serve(const Serve& action) {
  const config::Settings& settings = action.resolved.settings;
  allow_many_descriptors();
  Interrupt interrupt("", Interrupt::Hangup::Watched);

  auto token = read_token(settings);
  if (!token) return report_error(token.error());
  // Sources that a killed service was working on must not stay. What cannot be removed is not in
  // the way of the work.
  [[maybe_unused]] const auto removed = base::remove_abandoned_folders("testgen-");
  // Before the application, whose sandbox it may break.
  const base::SystemClock clock;
  std::shared_ptr<service::FaultBoard> faults;
  if (settings.allow_drills) {
    faults = std::make_shared<service::FaultBoard>(
        std::filesystem::path(settings.data) / service::kFaultFile, clock);
  }
  auto application =
      Application::create(settings, service_telemetry(settings), RunsCode::BehindUs, faults);
  if (!application) return report_error(application.error());
  Application& app = **application;
  interrupt.on_hangup([&app] { app.telemetry().log().reopen(); });
  warn_of_deprecated(settings, app.telemetry().log());

  const service::Environments environments(settings.data);
  EnvironmentHash environment(settings.python, environments, app.clock());
  service::ServiceOptions options = service_options(settings, *std::move(token));
  ScanRunner scans(app.telemetry());
  options.scanner = scans.scanner();
  options.engines = engines_of(settings);
  options.faults = faults;
  auto shared = shared_cache(settings, app.clock());
  if (!shared) return report_error(shared.error());
  options.shared_cache = *std::move(shared);
  auto tickets = ticket_desk(settings);
  if (!tickets) return report_error(tickets.error());
  options.tickets = *std::move(tickets);
  options.environment = [&environment](const std::string& name) { return environment.get(name); };
  if (app.models()) {
    show_providers(*app.models(), app.telemetry().metrics());
    // The check may outlive us when a provider hangs, so it shares the models.
    options.check_models = [models = app.models()](base::SteadyTime deadline) {
      return models->check(deadline);
    };
  }
  auto service = service::Service::open(
      options, app.telemetry(),
      PipelineJobRunner(app.pipeline(), settings.python, environments, app.model_options()));
  interrupt.on_hangup(nullptr);
  if (!service) {
    const base::Error& error = service.error();
    app.telemetry().log().write(telemetry::LogEvent::ConfigurationError,
                                {{"error", error.message}, {"hint", error.hint}});
    return report_error(error);
  }
  ServiceManager manager(ServiceManager::options_of(settings, ::getpid()),
                         [&health = app.telemetry().health()] { return health.liveness().alive; });
  manager.ready();
  const char* const scheme = settings.tls_certificate.empty() ? "http" : "https";
  // For people and for scripts that asked for port 0; the log is another stream.
  write_out(STDOUT_FILENO, fmt::format("testgen {} is listening on {}://{}\n", version(), scheme,
                                       (*service)->address().to_string()));
  if (const auto* admin = (*service)->admin_address()) {
    write_out(STDOUT_FILENO,
              fmt::format("administrators use {}://{}\n", scheme, admin->to_string()));
  }
  interrupt.on_hangup(
      [&manager, &app, reload = Reloader(action, app.telemetry(), **service)]() mutable {
        manager.reloading(app.clock().steady_now());
        reload();
        manager.ready();
      });
  if (faults) {
    const service::BreakableService us{::getpid(),
                                       service::faults_in_reach(app.models() != nullptr)};
    if (auto told = service::put_breakable(settings.data, us); !told) {
      return report_error(told.error());
    }
    write_out(STDERR_FILENO, kDrillWarning);
  }
  // Asks the interpreter and reads the rules, before a request has to wait for it.
  (void)environment.get("");
  scans.prepare();
  wait_for(interrupt.token());

  if (faults) faults->close();
  interrupt.on_hangup([&app] { app.telemetry().log().reopen(); });
  manager.stopping();
  (*service)->shutdown(app.clock().steady_now() + settings.drain_timeout);
  interrupt.on_hangup(nullptr);
  const auto sent = app.telemetry().shutdown(app.clock().steady_now() + kTelemetryDeadline);
  return sent ? kSuccess : report_error(sent.error());
}

}  // namespace testgen::app
