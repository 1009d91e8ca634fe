// Where telemetry leaves the process, and how. Plain data; the defaults are OpenTelemetry's.
#pragma once

#include <chrono>
#include <string>

#include "telemetry/export/batcher.h"
#include "telemetry/export/otlp_sender.h"

namespace testgen::telemetry {

struct ExportOptions {
  Resource resource;  // beside service.name and service.version
  // OTLP; a target without a URL is switched off.
  OtlpTarget traces;
  BatchOptions span_batch;
};

// Where a signal ("traces") goes below a base URL.
[[nodiscard]] std::string signal_url(std::string_view base, std::string_view signal);

// Checks that an http or https URL is one; the error names it.
[[nodiscard]] base::Status check_url(std::string_view url);

}  // namespace testgen::telemetry
