#include "pipeline/record_module.h"

#include "engine/llm/client.h"

namespace testgen::pipeline {
namespace {

// The objective for a typical file.
constexpr std::chrono::milliseconds kSlow{30'000};

void write_log(telemetry::Telemetry& telemetry, const model::ModuleReport& report,
               const telemetry::SpanContext& context) {
  const double duration_ms = static_cast<double>(report.elapsed.count());
  telemetry.log().write(telemetry::LogEvent::GenerationFinished, context,
                        {{"file_path", report.source_path},
                         {"language", report.language},
                         {"tests", report.tests_kept},
                         {"duration_ms", duration_ms}});
  if (report.elapsed <= kSlow) return;
  telemetry.log().write(telemetry::LogEvent::SlowGeneration, context,
                        {{"file_path", report.source_path},
                         {"duration_ms", duration_ms},
                         {"limit_ms", kSlow.count()}});
}

}  // namespace

void record_module(telemetry::Telemetry& telemetry, const model::ModuleReport& report,
                   const ModelOptions& model, const telemetry::SpanContext& context) {
  telemetry::Metrics& metrics = telemetry.metrics();
  metrics.tests_generated_total.with(report.language).add(report.tests_kept);
  metrics.tests_dropped_total.with(report.language).add(report.tests_dropped);
  metrics.candidate_executions_total.with(report.language).add(report.executions);
  metrics.generation_duration_seconds.with(report.language)
      .observe(std::chrono::duration<double>(report.elapsed).count(), context);
  telemetry.slo().record_generation(report.elapsed);
  metrics.file_size_bytes.observe(static_cast<double>(report.source_bytes), context);
  metrics.test_quality_score.observe(report.quality, context);
  if (report.mutation) metrics.mutation_score.observe(report.mutation->ratio(), context);
  if (report.coverage) {
    metrics.coverage_ratio.with("line").observe(report.coverage->line_ratio());
    metrics.coverage_ratio.with("branch").observe(report.coverage->branch_ratio());
  }
  if (model.client != nullptr) {
    const auto kept =
        static_cast<double>(metrics.tests_generated_total.with(report.language).value());
    const double spent = model.client->spending().spent().dollars;
    metrics.cost_per_kept_test_dollars.set(kept > 0 ? spent / kept : 0.0);
  }
  write_log(telemetry, report, context);
}

}  // namespace testgen::pipeline
