#include "pipeline/observed_sandbox.h"

namespace testgen::pipeline {
namespace {

void count_run(telemetry::Telemetry& telemetry, model::Outcome outcome, base::SteadyTime begun,
               const telemetry::SpanContext& context) {
  const telemetry::Metrics& metrics = telemetry.metrics();
  metrics.sandbox_runs_total.with(model::to_string(outcome)).add();
  const std::chrono::duration<double> spent = telemetry.clock().steady_now() - begun;
  metrics.sandbox_run_duration_seconds.observe(spent.count(), context);
  if (outcome == model::Outcome::TimedOut || outcome == model::Outcome::CpuExceeded ||
      outcome == model::Outcome::OutputExceeded || outcome == model::Outcome::Cancelled) {
    metrics.sandbox_kills_total.with(model::to_string(outcome)).add();
  }
}

// Counts a long-lived process once, when it is let go.
class ObservedProcess final : public sandbox::Process {
 public:
  ObservedProcess(std::unique_ptr<sandbox::Process> inner, telemetry::Telemetry& telemetry,
                  telemetry::Span span)
      : inner_(std::move(inner)),
        telemetry_(telemetry),
        span_(std::move(span)),
        begun_(telemetry.clock().steady_now()) {}

  ~ObservedProcess() override {
    // Still running means that its owner is done with it: a normal end, unless it was killed for a
    // reason and is only about to end.
    const bool ended = inner_->wait_until(base::SteadyTime::min());
    const auto outcome = ended ? inner_->result().outcome : killed_;
    count_run(telemetry_, outcome, begun_, span_.context());
    span_.set("sandbox.outcome", model::to_string(outcome));
  }

  bool wait_until(base::SteadyTime deadline) override { return inner_->wait_until(deadline); }
  void kill(model::Outcome reason) override {
    killed_ = reason;
    inner_->kill(reason);
  }
  model::RunResult result() override { return inner_->result(); }

 private:
  std::unique_ptr<sandbox::Process> inner_;
  telemetry::Telemetry& telemetry_;
  telemetry::Span span_;
  base::SteadyTime begun_;
  model::Outcome killed_ = model::Outcome::Exited;
};

}  // namespace

base::Result<model::RunResult> ObservedSandbox::run(const sandbox::Request& request,
                                                    std::stop_token stop) {
  telemetry::Span span =
      telemetry_.tracer().start("sandbox.run", telemetry::SpanKind::Internal, parent_);
  const base::SteadyTime begun = telemetry_.clock().steady_now();
  auto result = inner_.run(request, std::move(stop));
  if (!result) {
    count_run(telemetry_, model::Outcome::SetupFailed, begun, span.context());
    span.fail(result.error().message);
    return result;
  }
  count_run(telemetry_, result->outcome, begun, span.context());
  span.set("sandbox.outcome", model::to_string(result->outcome));
  span.set("sandbox.cpu_ms", static_cast<std::int64_t>(result->cpu.count()));
  span.set("sandbox.peak_memory_bytes", static_cast<std::int64_t>(result->peak_memory_bytes));
  return result;
}

base::Result<std::unique_ptr<sandbox::Process>> ObservedSandbox::start(
    const sandbox::Request& request) {
  telemetry::Span span =
      telemetry_.tracer().start("sandbox.start", telemetry::SpanKind::Internal, parent_);
  const base::SteadyTime begun = telemetry_.clock().steady_now();
  auto process = inner_.start(request);
  if (!process) {
    count_run(telemetry_, model::Outcome::SetupFailed, begun, span.context());
    span.fail(process.error().message);
    return process.error();
  }
  return std::unique_ptr<sandbox::Process>(
      std::make_unique<ObservedProcess>(*std::move(process), telemetry_, std::move(span)));
}

}  // namespace testgen::pipeline
