// testgen telemetry schema --json: the catalogues of metrics, log events and health checks, for
// documents, rules, dashboards and the tests that check them.
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/run.h"
#include "app/version.h"
#include "base/strings.h"
#include "telemetry/health/health_catalogue.h"
#include "telemetry/logging/log_catalogue.h"
#include "telemetry/metrics/catalogue.h"
#include "telemetry/slo/objectives.h"
#include "telemetry/tracing/span_catalogue.h"

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
          {"fixed", spec.fixed},
          {"debug", spec.debug}};
}

Json log_event(const telemetry::LogEventSpec& spec) {
  Json fields = Json::array();
  for (const std::string& field : base::split(spec.fields, ' ')) {
    if (field.empty()) continue;
    const bool optional = field.back() == '?';
    fields.push_back(
        {{"name", optional ? field.substr(0, field.size() - 1) : field}, {"optional", optional}});
  }
  return {{"name", spec.name},
          {"level", to_string(spec.level())},
          {"policy", to_string(spec.policy)},
          {"message", spec.message},
          {"fields", fields},
          {"when", spec.when},
          {"per_second", spec.per_second},
          {"landed", spec.landed}};
}

Json health() {
  Json checks = Json::array();
  for (const telemetry::HealthCheckSpec& spec : telemetry::kHealthChecks) {
    checks.push_back({{"name", spec.name},
                      {"required", spec.impact == telemetry::CheckImpact::NotReady},
                      {"interval_ms", spec.interval.count()},
                      {"deadline_ms", spec.deadline.count()},
                      {"listed", spec.listed},
                      {"what", spec.what}});
  }
  Json threads = Json::array();
  for (const telemetry::WatchedThreadSpec& spec : telemetry::kWatchedThreads) {
    threads.push_back(
        {{"name", spec.name}, {"max_silence_ms", spec.max_silence.count()}, {"what", spec.what}});
  }
  return {{"checks", checks}, {"threads", threads}};
}

Json objective(const telemetry::Objective& objective) {
  return {{"name", objective.name},
          {"meaning", objective.meaning},
          {"target", objective.target},
          {"budget", objective.allowed},
          {"bad_event", objective.bad}};
}

Json span(const telemetry::SpanSpec& spec) {
  Json attributes = Json::array();
  for (const std::string& attribute : base::split(spec.attributes, ' ')) {
    if (attribute.empty()) continue;
    const bool optional = attribute.back() == '?';
    attributes.push_back(
        {{"name", optional ? attribute.substr(0, attribute.size() - 1) : attribute},
         {"optional", optional}});
  }
  return {{"name", spec.name},     {"kind", to_string(spec.kind)},
          {"parent", spec.parent}, {"attributes", attributes},
          {"what", spec.what},     {"landed", spec.landed}};
}

}  // namespace

int telemetry_schema() {
  Json schema = {{"schema_version", 1}, {"version", version()}, {"metrics", Json::array()}};
  for (const telemetry::MetricSpec& spec : telemetry::catalogue()) {
    schema["metrics"].push_back(metric(spec));
  }
  schema["log_events"] = Json::array();
  for (const telemetry::LogEventSpec& spec : telemetry::kLogEvents) {
    schema["log_events"].push_back(log_event(spec));
  }
  schema["health"] = health();
  schema["objectives"] = Json::array();
  for (const telemetry::Objective& each : telemetry::kObjectives) {
    schema["objectives"].push_back(objective(each));
  }
  schema["spans"] = Json::array();
  for (const telemetry::SpanSpec& spec : telemetry::kSpans) schema["spans"].push_back(span(spec));
  return print(schema.dump(2) + "\n");
}

}  // namespace testgen::app
