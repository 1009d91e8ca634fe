// Has a service do what `generate` does with one module: sends it, waits, and gives back the same
// report with the test files, which nobody has written yet. Thread-safe.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stop_token>
#include <string>

#include "app/remote/service_client.h"
#include "app/selection.h"
#include "base/clock.h"
#include "base/result.h"
#include "config/settings.h"
#include "model/report.h"
#include "pipeline/pipeline.h"

namespace testgen::app {

class RemoteGenerator {
 public:
  // Refuses an address or options that no service takes, before anything is sent. Settings and
  // clock are borrowed.
  [[nodiscard]] static base::Result<std::unique_ptr<RemoteGenerator>> create(
      const config::Settings& settings, const base::Clock& clock);

  // Waits while the service is full or away for a moment; a stop request cancels the job.
  [[nodiscard]] base::Result<model::ModuleReport> generate(const WorkItem& item,
                                                           pipeline::Progress& progress,
                                                           const std::string& traceparent,
                                                           const std::stop_token& stop);

 private:
  RemoteGenerator(const config::Settings& settings, std::unique_ptr<ServiceClient> client)
      : settings_(settings), client_(std::move(client)) {}
  [[nodiscard]] base::Result<nlohmann::json> wait_for_end(const net::HttpRequest& post,
                                                          const WorkItem& item,
                                                          pipeline::Progress& progress,
                                                          const std::stop_token& stop) const;
  void cancel(net::HttpRequest post) const;

  const config::Settings& settings_;
  const std::unique_ptr<ServiceClient> client_;
};

}  // namespace testgen::app
