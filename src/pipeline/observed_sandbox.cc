#include "pipeline/observed_sandbox.h"

namespace testgen::pipeline {
namespace {

// Counts a long-lived process once, when it is let go.
class ObservedProcess final : public sandbox::Process {
 public:
  ObservedProcess(std::unique_ptr<sandbox::Process> inner, telemetry::Telemetry& telemetry,
                  telemetry::Span span)
      : inner_(std::move(inner)), telemetry_(telemetry), span_(std::move(span)) {}

  ~ObservedProcess() override {
    // Still running means that its owner is done with it: a normal end, not a deadline.
    const bool ended = inner_->wait_until(base::SteadyTime::min());
    const auto outcome = ended ? inner_->result().outcome : model::Outcome::Exited;
    telemetry_.metrics().sandbox_runs_total.with(model::to_string(outcome)).add();
    span_.set("sandbox.outcome", model::to_string(outcome));
  }

  bool wait_until(base::SteadyTime deadline) override { return inner_->wait_until(deadline); }
  void kill(model::Outcome reason) override { inner_->kill(reason); }
  model::RunResult result() override { return inner_->result(); }

 private:
  std::unique_ptr<sandbox::Process> inner_;
  telemetry::Telemetry& telemetry_;
  telemetry::Span span_;
};

}  // namespace

base::Result<model::RunResult> ObservedSandbox::run(const sandbox::Request& request,
                                                    std::stop_token stop) {
  telemetry::Span span =
      telemetry_.tracer().start("sandbox.run", telemetry::SpanKind::Internal, parent_);
  auto result = inner_.run(request, std::move(stop));
  if (!result) {
    telemetry_.metrics()
        .sandbox_runs_total.with(model::to_string(model::Outcome::SetupFailed))
        .add();
    span.fail(result.error().message);
    return result;
  }
  telemetry_.metrics().sandbox_runs_total.with(model::to_string(result->outcome)).add();
  span.set("sandbox.outcome", model::to_string(result->outcome));
  span.set("sandbox.cpu_ms", static_cast<std::int64_t>(result->cpu.count()));
  span.set("sandbox.peak_memory_bytes", static_cast<std::int64_t>(result->peak_memory_bytes));
  return result;
}

base::Result<std::unique_ptr<sandbox::Process>> ObservedSandbox::start(
    const sandbox::Request& request) {
  telemetry::Span span =
      telemetry_.tracer().start("sandbox.start", telemetry::SpanKind::Internal, parent_);
  auto process = inner_.start(request);
  if (!process) {
    telemetry_.metrics()
        .sandbox_runs_total.with(model::to_string(model::Outcome::SetupFailed))
        .add();
    span.fail(process.error().message);
    return process.error();
  }
  return std::unique_ptr<sandbox::Process>(
      std::make_unique<ObservedProcess>(*std::move(process), telemetry_, std::move(span)));
}

}  // namespace testgen::pipeline
