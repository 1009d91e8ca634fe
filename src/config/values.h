// Reads and writes the kinds of value a setting can have, as people write them: 1m30s, 512KiB,
// 0.25, yes. Errors say what is allowed, not where the text came from. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace testgen::config {

// A sum of numbers with units h, m, s, ms: "10s", "1m30s", "500ms", "1.5h".
[[nodiscard]] base::Result<std::chrono::milliseconds> parse_duration(std::string_view text);
// The shortest such text: 90'000 ms is "1m30s".
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

// A whole number of bytes with an optional unit B, KiB, MiB, GiB.
[[nodiscard]] base::Result<std::uint64_t> parse_bytes(std::string_view text);
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

[[nodiscard]] base::Result<std::uint64_t> parse_count(std::string_view text);
[[nodiscard]] base::Result<double> parse_ratio(std::string_view text);
// "80", "87.5" or "80%".
[[nodiscard]] base::Result<double> parse_percent(std::string_view text);
// 1, true, yes, on; 0, false, no, off; in any case.
[[nodiscard]] base::Result<bool> parse_switch(std::string_view text);

// The candidate nearest to `text` when it is near enough to be a slip of the hand, else empty.
[[nodiscard]] std::string_view nearest(std::string_view text,
                                       const std::vector<std::string_view>& candidates);
// `did you mean "x"?` for nearest(), else empty.
[[nodiscard]] std::string did_you_mean(std::string_view text,
                                       const std::vector<std::string_view>& candidates);

}  // namespace testgen::config
