// Metrics and health as DogStatsD datagrams, from a delta of the registry:
//   testgen.requests:1|c|#method:POST,endpoint:generate,status:202
// Counters are what was counted since the last time. A histogram is sent as one value for each of
// its buckets that was hit, with the sample rate saying how often: exact when one observation
// was made, else the bucket's middle. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "telemetry/health/health.h"
#include "telemetry/metrics/snapshot.h"

namespace testgen::telemetry {

struct Datagrams {
  std::vector<std::string> datagrams;  // lines joined by line feeds
  std::vector<std::size_t> lines;      // in each of them
  std::size_t too_large = 0;           // lines that no datagram could hold
};

// `tags` ("env:prod") are added to every line. No datagram has more than `max_bytes`.
[[nodiscard]] Datagrams dogstatsd_datagrams(const Snapshot& delta, const Readiness& readiness,
                                            const std::vector<std::string>& tags,
                                            std::size_t max_bytes);

// testgen_requests_total is testgen.requests.
[[nodiscard]] std::string dogstatsd_name(std::string_view metric);

}  // namespace testgen::telemetry
