// What an OTLP receiver answers to a 200: nothing, or that it took only a part. Responses are
// hostile input: what cannot be read says nothing. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/export/otlp_values.h"

namespace testgen::telemetry {

struct PartialSuccess {
  std::int64_t rejected = 0;  // spans, data points or log records
  std::string message;
};

// The partial_success of an answer; nothing when it is absent or the body is unreadable.
[[nodiscard]] std::optional<PartialSuccess> parse_partial_success(OtlpProtocol protocol,
                                                                  std::string_view body);

}  // namespace testgen::telemetry
