// A run of the scanner over the files a user names: read, scanned on several threads or by a
// service, and counted. What is shown of it is the command's.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "app/progress_view.h"
#include "app/remote/remote_scanner.h"
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
  std::filesystem::path cache;    // folder of kept results; empty: none are kept
  const RemoteScanner* remote;    // a service that scans; null: this program does
  const std::string traceparent;  // for it
  ProgressOptions shown;          // of its progress, on standard error

  // Fails when --diff cannot be answered, or the service not asked. Files that cannot be read are
  // in the report. `paths` are those that the files were found by.
  [[nodiscard]] base::Result<scan::Report> run(source::ScannableFiles found,
                                               const std::vector<std::string>& paths) const;

 private:
  [[nodiscard]] scan::Report scan_here(const std::vector<std::filesystem::path>& files,
                                       const std::vector<std::string>& paths) const;
};

// Limits of one file, as the settings say.
[[nodiscard]] scan::ScanOptions scan_options(const config::Settings& settings);

// Leaves of a file's findings those on lines that changed since the revision.
[[nodiscard]] base::Status keep_changed(scan::FileReport& file, const std::string& revision);

// Moves the metrics of a finished scan.
void count_scan(telemetry::Metrics& metrics, const scan::Report& report);

}  // namespace testgen::app
