// What one module's generation leaves in metrics, objectives and the log. Thread-safe.
#pragma once

#include "model/report.h"
#include "pipeline/model_options.h"
#include "telemetry/telemetry.h"

namespace testgen::pipeline {

void record_module(telemetry::Telemetry& telemetry, const model::ModuleReport& report,
                   const ModelOptions& model, const telemetry::SpanContext& context);

}  // namespace testgen::pipeline
