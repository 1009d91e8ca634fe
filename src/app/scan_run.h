// A run of the scanner over the files a user names: read, scanned on several threads, and counted.
// What is shown of it is the command's.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "scan/scan.h"
#include "source/scannable.h"
#include "telemetry/telemetry.h"

namespace testgen::app {

// The files to scan. Fails when a path is not there or nothing is found.
[[nodiscard]] base::Result<source::ScannableFiles> find_scan_files(
    const config::Settings& settings, const std::vector<std::string>& paths);

struct ScanRun {
  const config::Settings& settings;
  const scan::Rules& rules;
  telemetry::Telemetry& telemetry;
  std::stop_token stop;
  std::filesystem::path cache;  // folder of kept results; empty: none are kept

  // Fails when --diff cannot be answered. Files that cannot be read are in the report. `paths` are
  // those that the files were found by.
  [[nodiscard]] base::Result<scan::Report> run(source::ScannableFiles found,
                                               const std::vector<std::string>& paths) const;
};

// Moves the metrics of a finished scan.
void count_scan(telemetry::Metrics& metrics, const scan::Report& report);

}  // namespace testgen::app
