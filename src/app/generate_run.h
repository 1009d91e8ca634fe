// Works through the modules of one `generate` command, several at a time, and writes each
// module's files as soon as it is done, so that an interruption keeps what came before.
#pragma once

#include <stop_token>
#include <vector>

#include "app/progress_view.h"
#include "app/remote/remote_generator.h"
#include "app/selection.h"
#include "config/settings.h"
#include "emit/report_run.h"
#include "pipeline/pipeline.h"
#include "telemetry/telemetry.h"

namespace testgen::app {

// Everything is borrowed. Modules of the report are in the order of `work`; those that an
// interruption left untouched are not in it.
struct GenerateRun {
  const pipeline::Pipeline& pipeline;
  RemoteGenerator* remote;  // does the work instead of the pipeline; null: none does
  telemetry::Telemetry& telemetry;
  const config::Settings& settings;
  const pipeline::ModelOptions& model;
  ProgressView& progress;
  std::stop_token stop;

  [[nodiscard]] emit::RunReport run(const std::vector<WorkItem>& work,
                                    const telemetry::SpanContext& parent) const;
};

// Words for a shell: 'in quotes' where needed.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace testgen::app
