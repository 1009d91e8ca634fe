// ExportTraceServiceRequest, written by hand as protobuf and as JSON (one line of --trace-file).
// Field numbers are those of opentelemetry-proto 1.x. Pure.
#pragma once

#include <string>
#include <vector>

#include "telemetry/export/otlp_values.h"
#include "telemetry/tracing/span_record.h"

namespace testgen::telemetry {

[[nodiscard]] std::string encode_spans_protobuf(const std::vector<FinishedSpan>& spans,
                                                const Resource& resource);
[[nodiscard]] std::string encode_spans_json(const std::vector<FinishedSpan>& spans,
                                            const Resource& resource);

}  // namespace testgen::telemetry
