// testgen telemetry schema --json: the catalogue of metrics, for documents, rules, dashboards
// and the tests that check them.
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/run.h"
#include "app/version.h"
#include "telemetry/metrics/catalogue.h"

namespace testgen::app {
namespace {

using Json = nlohmann::ordered_json;

std::string_view type_name(telemetry::MetricType type) {
  switch (type) {
    case telemetry::MetricType::Counter:
    case telemetry::MetricType::ObservedCounter:
      return "counter";
    case telemetry::MetricType::Gauge:
      return "gauge";
    case telemetry::MetricType::Histogram:
      return "histogram";
  }
  return "gauge";
}

Json metric(const telemetry::MetricSpec& spec) {
  Json labels = Json::array();
  for (const telemetry::LabelSpec& label : spec.labels) {
    labels.push_back({{"name", label.name}, {"values", label.values}, {"closed", label.closed}});
  }
  return {{"name", spec.name},
          {"type", type_name(spec.type)},
          {"unit", spec.unit},
          {"help", spec.help},
          {"labels", labels},
          {"bounds", spec.bounds},
          {"series_cap", spec.series_cap},
          {"feature", spec.feature},
          {"landed", spec.landed},
          {"debug", spec.debug}};
}

}  // namespace

int telemetry_schema() {
  Json schema = {{"schema_version", 1}, {"version", version()}, {"metrics", Json::array()}};
  for (const telemetry::MetricSpec& spec : telemetry::catalogue()) {
    schema["metrics"].push_back(metric(spec));
  }
  return print(schema.dump(2) + "\n");
}

}  // namespace testgen::app
