// Numbers as Prometheus and OpenMetrics want them: shortest text that reads back the same,
// never the locale's or printf's idea of it. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace testgen::telemetry {

void append_number(std::string& out, std::uint64_t value);
// "1", "0.25", "1e-05", "+Inf", "-Inf", "NaN".
void append_number(std::string& out, double value);
// A bucket bound: always with a point or an exponent ("2.0"), because Prometheus before 3
// compares the label as text.
void append_bound(std::string& out, double value);

}  // namespace testgen::telemetry
