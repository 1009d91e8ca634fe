#include "operations/sources/prometheus.h"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace testgen::operations {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

Error unreadable(std::string_view what) {
  return {ErrorCode::Unavailable, fmt::format("Prometheus gave an answer with {}", what),
          "is it a Prometheus?"};
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// The `data` of an answer, or what it says went wrong.
base::Result<json> data_of(std::string_view answer) {
  json document = json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return unreadable("something that is no JSON object");
  if (text_at(document, "status") != "success") {
    return Error{ErrorCode::Unavailable,
                 "Prometheus: " + base::one_line(text_at(document, "error"), 300), ""};
  }
  if (!document.contains("data") || !document["data"].is_object()) return unreadable("no data");
  return std::move(document["data"]);
}

Labels labels_of(const json& entry) {
  Labels out;
  const auto metric = entry.find("metric");
  if (metric == entry.end() || !metric->is_object()) return out;
  for (const auto& [name, value] : metric->items()) {
    if (value.is_string()) out[name] = value.get<std::string>();
  }
  return out;
}

// [seconds, "value"]
bool read_point(const json& pair, std::pair<double, double>& out) {
  if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_string()) {
    return false;
  }
  const auto& text = pair[1].get_ref<const std::string&>();
  char* end = nullptr;
  out = {pair[0].get<double>(), std::strtod(text.c_str(), &end)};  // knows NaN and +Inf
  return end != text.c_str() && *end == '\0';
}

std::string seconds_text(base::WallTime time) {
  return fmt::format("{:.3f}", base::unix_seconds(time));
}

}  // namespace

base::Result<std::vector<Sample>> read_instant(std::string_view answer) {
  TG_ASSIGN(const json data, data_of(answer));
  const auto result = data.find("result");
  if (result == data.end() || !result->is_array()) return unreadable("no result");
  std::vector<Sample> out;
  std::pair<double, double> point;
  if (text_at(data, "resultType") == "scalar") {
    if (!read_point(*result, point)) return unreadable("a value that is no number");
    out.push_back({{}, point.second});
    return out;
  }
  for (const json& entry : *result) {
    if (!entry.is_object() || !entry.contains("value") || !read_point(entry["value"], point)) {
      return unreadable("a value that is no number");
    }
    out.push_back({labels_of(entry), point.second});
  }
  return out;
}

base::Result<std::vector<Series>> read_range(std::string_view answer) {
  TG_ASSIGN(const json data, data_of(answer));
  const auto result = data.find("result");
  if (result == data.end() || !result->is_array()) return unreadable("no result");
  std::vector<Series> out;
  for (const json& entry : *result) {
    if (!entry.is_object() || !entry.contains("values") || !entry["values"].is_array()) {
      return unreadable("a series without values");
    }
    Series series{labels_of(entry), {}};
    for (const json& pair : entry["values"]) {
      std::pair<double, double> point;
      if (!read_point(pair, point)) return unreadable("a value that is no number");
      series.points.push_back(point);
    }
    out.push_back(std::move(series));
  }
  return out;
}

base::Result<std::vector<AlertRule>> read_alert_rules(std::string_view answer) {
  TG_ASSIGN(const json data, data_of(answer));
  const auto groups = data.find("groups");
  if (groups == data.end() || !groups->is_array()) return unreadable("no groups of rules");
  std::map<std::string, AlertRule> rules;
  for (const json& group : *groups) {
    if (!group.is_object() || !group.contains("rules") || !group["rules"].is_array()) continue;
    for (const json& rule : group["rules"]) {
      if (!rule.is_object() || text_at(rule, "type") != "alerting") continue;
      AlertRule read{text_at(rule, "name"), text_at(rule, "query"), std::chrono::seconds(0), ""};
      if (const auto hold = rule.find("duration"); hold != rule.end() && hold->is_number()) {
        read.hold = std::chrono::seconds(static_cast<std::int64_t>(hold->get<double>()));
      }
      if (const auto labels = rule.find("labels"); labels != rule.end() && labels->is_object()) {
        read.severity = text_at(*labels, "severity");
      }
      rules.try_emplace(read.name, read);
    }
  }
  std::vector<AlertRule> out;
  for (auto& [name, rule] : rules) out.push_back(std::move(rule));
  return out;
}

Prometheus::Prometheus(HttpSourceOptions options, net::HttpClient& client)
    : source_(std::move(options), client) {}

base::Result<std::vector<Sample>> Prometheus::instant(std::string_view expression,
                                                      base::WallTime at) const {
  auto answer = source_.get(with_parameters(
      "/api/v1/query", {{"query", std::string(expression)}, {"time", seconds_text(at)}}));
  if (!answer) return std::move(answer).error();
  return read_instant(answer->body);
}

base::Result<std::vector<Series>> Prometheus::range(std::string_view expression,
                                                    base::WallTime from, base::WallTime to,
                                                    std::chrono::seconds step) const {
  auto answer =
      source_.get(with_parameters("/api/v1/query_range", {{"query", std::string(expression)},
                                                          {"start", seconds_text(from)},
                                                          {"end", seconds_text(to)},
                                                          {"step", std::to_string(step.count())}}));
  if (!answer) return std::move(answer).error();
  return read_range(answer->body);
}

base::Result<std::vector<Series>> Prometheus::samples(std::string_view selector,
                                                      base::WallTime at) const {
  auto answer = source_.get(with_parameters(
      "/api/v1/query", {{"query", std::string(selector)}, {"time", seconds_text(at)}}));
  if (!answer) return std::move(answer).error();
  return read_range(answer->body);
}

base::Result<std::vector<AlertRule>> Prometheus::alert_rules() const {
  TG_ASSIGN(const std::string answer,
            source_.body(with_parameters("/api/v1/rules", {{"type", "alert"}})));
  return read_alert_rules(answer);
}

}  // namespace testgen::operations
