// The objectives as Prometheus rules: what is recorded of each, how fast it spends its error budget
// over seven windows, and the two alerts that judge that. deploy/prometheus/rules/slo.yml is
// this text. Pure.
#pragma once

#include <string>

namespace testgen::telemetry {

// The whole file, YAML.
[[nodiscard]] std::string burn_rate_rules();

}  // namespace testgen::telemetry
