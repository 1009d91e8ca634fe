// For commands that end before anybody could scrape them: the metrics of the whole run, written
// once at the end, to a Prometheus pushgateway or to a file for node_exporter's textfile
// collector. Without the process_* metrics, which node_exporter has of its own.
#pragma once

#include <filesystem>
#include <string>

#include "telemetry/export/delivery.h"
#include "telemetry/export/push_figures.h"
#include "telemetry/export/receiver_log.h"
#include "telemetry/metrics/registry.h"

namespace testgen::telemetry {

struct FinalPushOptions {
  std::string pushgateway;         // base URL; empty: none
  std::string job = "testgen";     // the group's key, with the machine's name as instance
  std::filesystem::path textfile;  // ends in .prom; empty: none
  DeliveryTimes times{.attempt = std::chrono::seconds(3), .total = std::chrono::seconds(5)};
};

// Both keep their own deadlines. All are borrowed.
void push_to_gateway(const FinalPushOptions& options, Registry& registry, Metrics& metrics,
                     Logger& log, const base::Clock& clock);
[[nodiscard]] base::Status write_textfile(const FinalPushOptions& options, Registry& registry,
                                          Metrics& metrics);

// The group's address below a pushgateway, by the pushgateway's own escaping rules.
[[nodiscard]] std::string gateway_url(std::string_view base, std::string_view job,
                                      std::string_view instance);

}  // namespace testgen::telemetry
