// The report of a run as people read it on a terminal: a table with a line a module, then where
// the files are, how to run them, what was left out and why, and what looked suspicious. Pure.
#pragma once

#include <string>

#include "emit/report_run.h"

namespace testgen::emit {

struct TextOptions {
  std::size_t width = 80;   // columns
  bool everything = false;  // all omissions and suspicions, not the first few
};

[[nodiscard]] std::string report_text(const RunReport& run, const TextOptions& options);

// "97%", rounded down so that 100% means all of it; "-" when there was nothing to cover.
[[nodiscard]] std::string percent(std::uint32_t covered, std::uint32_t total);
// "0.4s", "12s", "1m05s".
[[nodiscard]] std::string short_time(std::chrono::milliseconds time);

}  // namespace testgen::emit
