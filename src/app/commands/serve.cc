// testgen serve: the service, until it is told to stop.
#include <fmt/format.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "app/application.h"
#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/interrupt.h"
#include "app/job_runner.h"
#include "app/run.h"
#include "app/terminal.h"
#include "app/version.h"
#include "service/auth/authenticator.h"
#include "service/service.h"

namespace testgen::app {
namespace {

constexpr std::chrono::seconds kTelemetryDeadline{3};

telemetry::TelemetryOptions service_telemetry(const config::Settings& settings) {
  telemetry::TelemetryOptions options = telemetry_options(settings);
  telemetry::LoggingOptions& logging = options.logging;
  // The settings table has checked both texts.
  logging.format = telemetry::log_format_from(settings.log_format).value_or(logging.format);
  logging.level = telemetry::log_level_from(settings.log_level).value_or(logging.level);
  logging.color = is_terminal(STDERR_FILENO) && variable("NO_COLOR").empty();
  if (!settings.log_file.empty()) {
    logging.destination = telemetry::LogDestination::File;
    logging.file.path = settings.log_file;
    logging.color = false;
  }
  return options;
}

// The token clients must send: from the file, or else from the variable.
base::Result<std::string> read_token(const config::Settings& settings) {
  if (settings.token_file.empty()) return settings.api_token;
  auto token = service::read_token_file(settings.token_file);
  if (!token) return std::move(token).error().with_context("--token-file");
  return token;
}

service::ServiceOptions service_options(const config::Settings& settings, std::string token) {
  service::ServiceOptions options;
  options.listen = settings.listen;
  options.data = settings.data;
  options.token = std::move(token);
  options.version = version();
  options.workers = static_cast<unsigned>(settings.workers);
  options.max_queued = settings.queue_limit;
  options.cache_bytes = settings.cache_size;
  options.http.body_limit = settings.body_limit;
  return options;
}

void wait_for(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait(lock, stop, [] { return false; });
}

}  // namespace

int serve(const Serve& action) {
  const config::Settings& settings = action.settings;
  Interrupt interrupt("", Interrupt::Hangup::Watched);

  auto token = read_token(settings);
  if (!token) return report_error(token.error());
  auto application = Application::create(settings, service_telemetry(settings));
  if (!application) return report_error(application.error());
  Application& app = **application;
  interrupt.on_hangup([&app] { app.telemetry().log().reopen(); });

  auto service =
      service::Service::open(service_options(settings, *std::move(token)), app.telemetry(),
                             PipelineJobRunner(app.pipeline(), settings.python));
  if (!service) {
    interrupt.on_hangup(nullptr);
    return report_error(service.error());
  }
  // For people and for scripts that asked for port 0; the log is another stream.
  write_out(STDOUT_FILENO, fmt::format("testgen {} is listening on http://{}\n", version(),
                                       (*service)->address().to_string()));
  wait_for(interrupt.token());

  (*service)->shutdown(app.clock().steady_now() + settings.drain_timeout);
  interrupt.on_hangup(nullptr);
  app.telemetry().shutdown(app.clock().steady_now() + kTelemetryDeadline);
  return kSuccess;
}

}  // namespace testgen::app
