// What one run of a test file told, line by line, read as untrusted: shapes and sizes are
// checked, and only the caller decides which names count. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace testgen::verify {

struct ItemReport {
  bool passed = false;
  double seconds = 0.0;            // of wall time
  std::vector<std::size_t> moved;  // assertions that failed on their own, by their number
  std::string problem;             // what went wrong, at most a few hundred bytes
};

struct RunReport {
  bool finished = false;           // the runner came to its end
  std::string ended;               // how the process ended: "exit code 0", "signal 9", "hung"
  std::string last_started;        // the test that was running then; empty when none was
  std::vector<std::string> begun;  // all that were started, in order, whether they ended or not
  std::string problem;             // why the file could not be collected, or what stderr said
  std::map<std::string, ItemReport> items;
  std::optional<model::Coverage> coverage;

  // True once the run's last line was read.
  [[nodiscard]] bool over() const { return !ended.empty(); }
};

// Adds one line of the runner's replies (languages/python/verify/serve.py). A line that is none
// of its forms is passed over.
void read_reply(std::string_view line, RunReport& report);

}  // namespace testgen::verify
