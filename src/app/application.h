// The composition root: builds what a command needs, bottom first, and hands it out by reference.
// Nothing else makes a clock, telemetry, a sandbox or a pipeline. Destroyed in reverse order.
#pragma once

#include <memory>
#include <string_view>

#include "app/model_stack.h"
#include "base/clock.h"
#include "base/result.h"
#include "config/settings.h"
#include "pipeline/pipeline.h"
#include "sandbox/sandbox.h"
#include "service/drills/fault_board.h"
#include "telemetry/telemetry.h"

namespace testgen::app {

// Bubblewrap, or nothing under --unsafe-no-sandbox, which says what it gives up each time.
// `niceness`: how much what runs in it gives way to us.
[[nodiscard]] std::unique_ptr<sandbox::Sandbox> make_sandbox(const config::Settings& settings,
                                                             int niceness = 0);

// Whether the command runs code on this machine, and so needs a sandbox that works; and whether
// that code gives way to the command's own threads, which others wait for.
enum class RunsCode { Here, BehindUs, Elsewhere };

// "explorer", "llm" or "auto"; the explorer for anything else.
[[nodiscard]] pipeline::Engine engine_of(std::string_view name);
// From the settings; the client is to be filled in.
[[nodiscard]] pipeline::ModelOptions model_options(const config::Settings& settings);

class Application {
 public:
  // Environment when programs cannot be isolated on this machine. `faults`: what drills may break.
  [[nodiscard]] static base::Result<std::unique_ptr<Application>> create(
      const config::Settings& settings, const telemetry::TelemetryOptions& telemetry,
      RunsCode where = RunsCode::Here,
      const std::shared_ptr<const service::FaultBoard>& faults = nullptr);
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  [[nodiscard]] const base::Clock& clock() const { return clock_; }
  [[nodiscard]] telemetry::Telemetry& telemetry() { return *telemetry_; }
  [[nodiscard]] sandbox::Sandbox& sandbox() { return *sandbox_; }
  [[nodiscard]] const pipeline::Pipeline& pipeline() const { return *pipeline_; }
  // Who proposes tests; the model's client lives as long as the application.
  [[nodiscard]] const pipeline::ModelOptions& model_options() const { return model_options_; }
  // Null when no model is wanted.
  [[nodiscard]] const std::shared_ptr<ModelStack>& models() const { return models_; }

 private:
  Application() = default;

  base::SystemClock clock_;
  std::unique_ptr<telemetry::Telemetry> telemetry_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::shared_ptr<ModelStack> models_;  // shared with the health check, which may outlive us
  pipeline::ModelOptions model_options_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
};

}  // namespace testgen::app
