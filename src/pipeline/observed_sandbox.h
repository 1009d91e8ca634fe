// A sandbox whose runs are seen: each run() is a span and a count of
// testgen_sandbox_runs_total{outcome}; what it does is the wrapped sandbox's. Thread-safe.
#pragma once

#include "sandbox/sandbox.h"
#include "telemetry/telemetry.h"

namespace testgen::pipeline {

class ObservedSandbox final : public sandbox::Sandbox {
 public:
  // Borrows both. Spans are children of `parent`.
  ObservedSandbox(sandbox::Sandbox& inner, telemetry::Telemetry& telemetry,
                  const telemetry::SpanContext& parent)
      : inner_(inner), telemetry_(telemetry), parent_(parent) {}

  [[nodiscard]] base::Result<model::RunResult> run(const sandbox::Request& request,
                                                   std::stop_token stop) override;
  [[nodiscard]] base::Result<std::unique_ptr<sandbox::Process>> start(
      const sandbox::Request& request) override;
  [[nodiscard]] base::Status check() override { return inner_.check(); }
  [[nodiscard]] bool hides() const override { return inner_.hides(); }
  [[nodiscard]] std::string name() const override { return inner_.name(); }

 private:
  sandbox::Sandbox& inner_;
  telemetry::Telemetry& telemetry_;
  telemetry::SpanContext parent_;
};

}  // namespace testgen::pipeline
