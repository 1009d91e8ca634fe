// Does a service's scans with the scanner: posted texts in, the report as JSON out, and what moves
// with it: metrics, a span, a line in the log. A file that it has scanned before is not scanned
// again. Nothing is written anywhere. Thread-safe.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "app/scanned_files.h"
#include "base/result.h"
#include "scan/scan.h"
#include "service/scans/scan_input.h"
#include "telemetry/telemetry.h"

namespace testgen::app {

class ScanRunner {
 public:
  // `telemetry` is borrowed.
  explicit ScanRunner(telemetry::Telemetry& telemetry) : telemetry_(telemetry) {}

  // Reads the rules that come with the program, before a request has to wait for it.
  void prepare() { (void)rules(false); }
  // What the service needs; borrows this.
  [[nodiscard]] service::Scanner scanner();

 private:
  [[nodiscard]] const scan::Rules& rules(bool audit);
  [[nodiscard]] base::Result<service::ScanAnswer> scan(const service::ScanInput& input,
                                                       const telemetry::SpanContext& parent,
                                                       base::SteadyTime deadline,
                                                       const std::stop_token& stop);

  telemetry::Telemetry& telemetry_;
  std::mutex mutex_;
  std::array<std::shared_ptr<const scan::Rules>, 2> rules_;  // without and with audit rules
  ScannedFiles kept_;
};

}  // namespace testgen::app
