// Has a service scan files: sends them, as many at once as it takes, and gives back a report of
// each as the scanner here would have written it. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "app/progress_view.h"
#include "app/remote/service_client.h"
#include "base/clock.h"
#include "base/result.h"
#include "config/settings.h"
#include "scan/finding.h"

namespace testgen::app {

class RemoteScanner {
 public:
  // Refuses an address or options that no service takes, before anything is sent. Settings and
  // clock are borrowed.
  [[nodiscard]] static base::Result<std::unique_ptr<RemoteScanner>> create(
      const config::Settings& settings, const base::Clock& clock);

  // Files that cannot be read or sent are in the report, with their error; those that a stop left
  // out are not. Fails when the service cannot be asked. Waits while it is full. The modules of
  // `progress` are the files.
  [[nodiscard]] base::Result<scan::Report> scan(const std::vector<std::filesystem::path>& files,
                                                ProgressView& progress,
                                                const std::string& traceparent,
                                                const std::stop_token& stop) const;

 private:
  RemoteScanner(const config::Settings& settings, std::unique_ptr<ServiceClient> client)
      : settings_(settings), client_(std::move(client)) {}

  const config::Settings& settings_;
  const std::unique_ptr<ServiceClient> client_;
};

}  // namespace testgen::app
