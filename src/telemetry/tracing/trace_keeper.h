// Which unsampled traces are exported all the same: those with an error, and those whose entry
// (the span without a parent in this process, or a job) took too long. The decision falls when an
// entry ends; its earlier spans are then fetched from the ring. Remembers failed traces in a
// small table that newer ones overwrite. Thread-safe, without locks.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "telemetry/tracing/span_record.h"

namespace testgen::telemetry {

class TraceKeeper {
 public:
  TraceKeeper(std::chrono::nanoseconds slow_request, std::chrono::nanoseconds slow_job)
      : slow_request_(slow_request), slow_job_(slow_job) {}

  // Every finished span of an unsampled trace comes through here. True when it is an entry and
  // its trace must be kept.
  [[nodiscard]] bool ended(const SpanRecord& span);

 private:
  const std::chrono::nanoseconds slow_request_;  // entries that answer somebody
  const std::chrono::nanoseconds slow_job_;      // work from the queue, and commands
  std::array<std::atomic<std::uint64_t>, 256> failed_{};
};

}  // namespace testgen::telemetry
