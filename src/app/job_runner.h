// Does the work of a service's job with the pipeline: lays the posted files out in a private
// folder, generates tests for each, and gives the result as JSON.
#pragma once

#include <string>

#include "base/result.h"
#include "model/job.h"
#include "pipeline/pipeline.h"
#include "service/environments/environments.h"
#include "service/queue/job_queue.h"
#include "telemetry/telemetry.h"

namespace testgen::app {

class PipelineJobRunner {
 public:
  // Borrows the pipeline and the environments; `interpreter`, for jobs that name none of these, as
  // in pipeline::GenerateOptions.
  PipelineJobRunner(const pipeline::Pipeline& pipeline, std::string interpreter,
                    const service::Environments& environments, pipeline::ModelOptions model)
      : pipeline_(pipeline),
        interpreter_(std::move(interpreter)),
        environments_(environments),
        model_(std::move(model)) {}

  // {"modules": […], "files": [{"path": "tests/test_calc.py", "content": …}]}, or the error of
  // the first file when none could be worked on, or any Environment error: that one is ours to
  // mend, not the caller's. Thread-safe.
  [[nodiscard]] base::Result<std::string> operator()(const model::Job& job,
                                                     const telemetry::SpanContext& parent,
                                                     std::stop_token stop,
                                                     const service::JobProgress& progress) const;

 private:
  const pipeline::Pipeline& pipeline_;
  std::string interpreter_;
  const service::Environments& environments_;
  pipeline::ModelOptions model_;
};

}  // namespace testgen::app
