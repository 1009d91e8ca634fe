// testgen scan --reproduce: where the two halves of the program meet. Findings in Python that hang
// on what text is passed on get a test that shows it, or the reason why there is none; what the
// scanner says of them otherwise stays as it is.
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "app/progress_view.h"
#include "base/result.h"
#include "config/settings.h"
#include "sandbox/sandbox.h"
#include "scan/scan.h"
#include "telemetry/telemetry.h"

namespace testgen::app {

struct ReproduceOutcome {
  std::size_t tried = 0;            // findings
  std::size_t reproduced = 0;       // of them
  std::vector<std::string> files;   // of tests, with the output folder in front
  std::vector<std::string> notes;   // why a file has another name than it would
  std::vector<base::Error> errors;  // of test files that could not be written
};

class ReproduceRun {
 public:
  // Environment when programs cannot be isolated on this machine; before anything is scanned.
  [[nodiscard]] static base::Result<std::unique_ptr<ReproduceRun>> create(
      const config::Settings& settings);

  // Only open findings that are shown. After a request to stop no other file is begun.
  [[nodiscard]] ReproduceOutcome run(scan::Report& report, telemetry::Telemetry& telemetry,
                                     const telemetry::SpanContext& parent,
                                     const ProgressOptions& shown,
                                     const std::stop_token& stop) const;

 private:
  ReproduceRun(const config::Settings& settings, std::unique_ptr<sandbox::Sandbox> sandbox)
      : settings_(settings), sandbox_(std::move(sandbox)) {}

  const config::Settings& settings_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
};

// Whether such a finding can be tried at all.
[[nodiscard]] bool can_be_reproduced(const scan::Finding& finding, scan::Severity least);

// "reproduced 2 of 3 findings; tests in generated-tests/test_security_net.py"
[[nodiscard]] std::string describe(const ReproduceOutcome& outcome);

}  // namespace testgen::app
