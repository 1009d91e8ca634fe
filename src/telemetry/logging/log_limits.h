// How much one log line may carry: the number of its fields and the length of each text. What is
// more is cut, after secrets are taken out, and counted. Thread-safe.
#pragma once

#include <cstddef>
#include <span>

#include "telemetry/logging/log_field.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

struct LogLimits {
  std::size_t fields = 128;
  std::size_t text_bytes = 4095;
};

class LimitedFields {
 public:
  LimitedFields(const LogLimits& limits, Metrics& metrics);

  // The fields as they may be written. What had to be cut is kept for this thread until its next
  // call; usually nothing had to, and the fields are given back as they are.
  [[nodiscard]] std::span<const LogField> within(std::span<const LogField> fields) const;

 private:
  [[nodiscard]] std::span<const LogField> cut(std::span<const LogField> fields) const;

  const LogLimits limits_;
  Counter too_many_;
  Counter too_long_;
};

}  // namespace testgen::telemetry
