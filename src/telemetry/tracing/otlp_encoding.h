// OTLP messages, written and read by hand: ExportTraceServiceRequest as protobuf and as JSON
// (also the body of GET /debug/traces/{id}), and what a receiver answers. Field numbers are those
// of opentelemetry-proto 1.x. Pure; responses are hostile input.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/tracing/span_record.h"

namespace testgen::telemetry {

// service.name, service.version and what the operator adds.
using Resource = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] std::string encode_spans_protobuf(std::span<const FinishedSpan> spans,
                                                const Resource& resource);
[[nodiscard]] std::string encode_spans_json(std::span<const FinishedSpan> spans,
                                            const Resource& resource);

// The partial_success of a 200 answer; nothing when it is absent or the body is unreadable.
struct PartialSuccess {
  std::int64_t rejected_spans = 0;
  std::string message;
};
[[nodiscard]] std::optional<PartialSuccess> parse_partial_success_protobuf(std::string_view body);
[[nodiscard]] std::optional<PartialSuccess> parse_partial_success_json(std::string_view body);

}  // namespace testgen::telemetry
