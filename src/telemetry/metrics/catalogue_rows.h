// The parts of the catalogue and what their rows share. Only catalogue*.cc include it.
#pragma once

#include <vector>

#include "telemetry/metrics/catalogue.h"

namespace testgen::telemetry {

// Requests, authentication, jobs, cache, database, and how the service is used.
[[nodiscard]] std::vector<MetricSpec> service_rows();
// Making tests, running untrusted code, models, scans, feedback.
[[nodiscard]] std::vector<MetricSpec> work_rows();
// Objectives, health, the process, and telemetry about telemetry.
[[nodiscard]] std::vector<MetricSpec> state_rows();

// The objectives 0.5, 1, 2, 5 and 30 s are bounds of every duration, so that rules compare
// against an exact bucket and not an interpolation.
inline const std::vector<double> kRequestSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                 0.25,  0.5,    1,     2,    5,     10,   30};
inline const std::vector<double> kWorkSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                              2,     5,    10,    20,   30,  60,   120, 300};
inline const std::vector<double> kShortSeconds{0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                               0.05,   0.1,    0.5,   1,      2,     5,    30};

inline const LabelSpec kErrorComponent{
    "component", {"http", "job", "pipeline", "storage", "cache", "auth", "telemetry", "tickets"}};

}  // namespace testgen::telemetry
