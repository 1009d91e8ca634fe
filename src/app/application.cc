#include "app/application.h"

#include <unistd.h>

#include "app/cli.h"
#include "app/drills/faulty_sandbox.h"
#include "app/terminal.h"
#include "app/version.h"
#include "sandbox/bubblewrap.h"
#include "sandbox/direct.h"
#include "telemetry/metrics/expose_model.h"

namespace testgen::app {
namespace {

// Half of a share, so that answers come first where both want a processor. No more: beside other
// programs on the machine the work would starve.
constexpr int kNiceness = 3;

constexpr std::string_view kUnsafeWarning =
    "testgen: warning: --unsafe-no-sandbox runs the code under test as you, without isolation:\n"
    "  it can read and change your files, reach the network and leave processes behind\n";

}  // namespace

std::unique_ptr<sandbox::Sandbox> make_sandbox(const config::Settings& settings, int niceness) {
  if (!settings.unsafe_no_sandbox) {
    return std::make_unique<sandbox::BubblewrapSandbox>("bwrap", niceness);
  }
  write_out(STDERR_FILENO, kUnsafeWarning);
  return std::make_unique<sandbox::DirectSandbox>(niceness);
}

pipeline::Engine engine_of(std::string_view name) {
  return name == "llm"    ? pipeline::Engine::Model
         : name == "auto" ? pipeline::Engine::Auto
                          : pipeline::Engine::Explorer;
}

pipeline::ModelOptions model_options(const config::Settings& settings) {
  pipeline::ModelOptions out;
  out.engine = engine_of(settings.engine);
  out.time = settings.llm_time;
  out.attempts = static_cast<int>(settings.llm_attempts);
  out.max_output_tokens = static_cast<std::uint32_t>(settings.llm_max_output);
  out.look_up = settings.llm_look_up == "off"      ? pipeline::LookUpReach::Off
                : settings.llm_look_up == "module" ? pipeline::LookUpReach::Module
                                                   : pipeline::LookUpReach::Package;
  out.never_send = settings.llm_never_send;
  out.record = {.system_instructions = settings.trace_llm_instructions,
                .input_messages = settings.trace_llm_prompts,
                .output_messages = settings.trace_llm_replies};
  return out;
}

base::Result<std::unique_ptr<Application>> Application::create(
    const config::Settings& settings, const telemetry::TelemetryOptions& telemetry, RunsCode where,
    const std::shared_ptr<const service::FaultBoard>& faults) {
  std::unique_ptr<Application> app(new Application());
  for (const std::string& ignored : settings.ignored) {
    write_out(STDERR_FILENO, "testgen: warning: ignored " + ignored + "\n");
  }

  // Metrics, traces, logs; everything below reports to it.
  TG_ASSIGN(app->telemetry_, telemetry::Telemetry::create(telemetry, app->clock_));

  // Where untrusted code runs. Refuse now, with the reason, not at the first module.
  app->sandbox_ = make_sandbox(settings, where == RunsCode::BehindUs ? kNiceness : 0);
  if (faults) app->sandbox_ = make_faulty(std::move(app->sandbox_), faults);
  if (auto usable = where == RunsCode::Elsewhere ? base::Status() : app->sandbox_->check();
      !usable) {
    base::Error error = std::move(usable).error();
    error.hint += error.hint.empty() ? "" : "; ";
    error.hint += "for code you trust, --unsafe-no-sandbox runs it without isolation";
    return error.with_context("the sandbox does not work here");
  }

  // The models, when some are to be asked.
  app->model_options_ = testgen::app::model_options(settings);
  if (app->model_options_.engine != pipeline::Engine::Explorer && where != RunsCode::Elsewhere) {
    TG_ASSIGN(app->models_, ModelStack::create(settings, process_surroundings().variable, faults));
    app->model_options_.client = &app->models_->client();
    for (const ConfiguredModel& each : app->models_->models()) {
      telemetry::expose_model(app->telemetry_->metrics(), each.provider, each.model);
    }
  }

  // load → analyze → learn → propose → verify → ask → score → emit → record.
  app->pipeline_ =
      std::make_unique<pipeline::Pipeline>(*app->sandbox_, *app->telemetry_, app->clock_);
  return app;
}

}  // namespace testgen::app
