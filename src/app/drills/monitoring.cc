#include "app/drills/monitoring.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "operations/sources/alertmanager.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

constexpr std::chrono::seconds kTimeout{5};
constexpr std::string_view kSuffix = "_configs:";

std::string trimmed(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

base::Result<json> parsed(const std::string& text, const std::string& whose) {
  json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) {
    return Error{ErrorCode::Unavailable, whose + " answered something that is not JSON",
                 "is its address right?"};
  }
  return document;
}

}  // namespace

Monitoring::Monitoring(std::string prometheus, std::string alertmanager)
    : prometheus_(trimmed(std::move(prometheus))),
      alertmanager_(trimmed(std::move(alertmanager))) {}

base::Result<std::string> Monitoring::get(const std::string& url) {
  net::HttpRequest request;
  request.url = url;
  request.timeout = kTimeout;
  request.max_response_bytes = 16U << 20U;
  auto response = client_.send(request);
  if (!response) return std::move(response).error().with_context(url);
  if (response->status != 200) {
    return Error{ErrorCode::Unavailable, url + " answered " + std::to_string(response->status), ""};
  }
  return std::move(response->body);
}

base::Result<bool> Monitoring::firing(const std::string& alert) {
  TG_ASSIGN(const std::string text, get(prometheus_ + "/api/v1/alerts"));
  TG_ASSIGN(const json document, parsed(text, "Prometheus"));
  if (!document.is_object() || !document.contains("data")) return false;
  for (const json& each : document["data"].value("alerts", json::array())) {
    if (each.value("state", "") == "firing" &&
        each.value("labels", json::object()).value("alertname", "") == alert) {
      return true;
    }
  }
  return false;
}

base::Result<std::set<std::string>> Monitoring::receivers_of(const std::string& alert) {
  TG_ASSIGN(const std::string alerts,
            get(alertmanager_ + "/api/v2/alerts?filter=alertname%3D%22" + alert + "%22"));
  TG_ASSIGN(const json found, parsed(alerts, "Alertmanager"));
  std::set<std::string> names;
  for (const json& each : found) {
    for (const json& receiver : each.value("receivers", json::array())) {
      names.insert(receiver.value("name", ""));
    }
  }
  return names;
}

base::Result<Receivers> Monitoring::receivers() {
  TG_ASSIGN(const std::string status, get(alertmanager_ + "/api/v2/status"));
  TG_ASSIGN(const json document, parsed(status, "Alertmanager"));
  return receivers_in(document.value("config", json::object()).value("original", ""));
}

base::Result<std::vector<AlertGroup>> Monitoring::groups() {
  TG_ASSIGN(const std::string answer, get(alertmanager_ + "/api/v2/alerts/groups"));
  return groups_in(answer);
}

base::Result<std::map<std::string, Monitoring::Sent>> Monitoring::sent() {
  TG_ASSIGN(const std::string page, get(alertmanager_ + "/metrics"));
  std::map<std::string, Sent> out;
  // alertmanager_notifications_total{integration="slack"} 3; the second has a reason since 0.26.
  for (const std::string& line : base::split(page, '\n')) {
    const bool all = line.starts_with("alertmanager_notifications_total{");
    if (!all && !line.starts_with("alertmanager_notifications_failed_total{")) continue;
    constexpr std::string_view kLabel = "integration=\"";
    const std::size_t at = line.find(kLabel);
    const std::size_t space = line.rfind(' ');
    if (at == std::string::npos || space == std::string::npos) continue;
    const std::size_t from = at + kLabel.size();
    const std::string name = line.substr(from, line.find('"', from) - from);
    double value = 0;
    std::from_chars(line.data() + space + 1, line.data() + line.size(), value);
    (all ? out[name].all : out[name].failed) += value;
  }
  return out;
}

Receivers receivers_in(const std::string& configuration) {
  Receivers out;
  std::string receiver;
  Senders* senders = nullptr;
  bool inside = false;
  for (const std::string& line : base::split(configuration, '\n')) {
    if (!line.empty() && line.front() != ' ' && line.front() != '-') {
      inside = line.starts_with("receivers:");
    } else if (inside && line.starts_with("- name: ")) {
      receiver = line.substr(8);
      out[receiver];
      senders = nullptr;
    } else if (inside && line.starts_with("  ") && line.ends_with(kSuffix) && line[2] != ' ') {
      senders = &out[receiver][line.substr(2, line.size() - 2 - kSuffix.size())];
    } else if (inside && senders != nullptr && line.starts_with("  - ")) {
      ++senders->all;
      // It prints this key first, whether somebody wrote it or not.
      if (line == "  - send_resolved: true") ++senders->of_the_end;
    }
  }
  return out;
}

base::Result<std::vector<AlertGroup>> groups_in(const std::string& answer) {
  TG_ASSIGN(const json document, parsed(answer, "Alertmanager"));
  std::vector<AlertGroup> out;
  for (const json& each : document) {
    if (!each.is_object()) continue;
    AlertGroup group;
    group.receiver = each.value("receiver", json::object()).value("name", "");
    group.labels = each.value("labels", json::object()).dump();
    for (const json& alert : each.value("alerts", json::array())) {
      if (!alert.is_object()) continue;
      const std::string state = alert.value("status", json::object()).value("state", "");
      (state == "suppressed" ? group.muted : group.firing).insert(alert.value("fingerprint", ""));
      group.names.insert(alert.value("labels", json::object()).value("alertname", ""));
      const auto since = operations::parse_time(alert.value("startsAt", ""));
      // One that says nothing of its age is taken for new.
      group.newest = std::max(group.newest, since.value_or(base::WallTime::max()));
    }
    out.push_back(std::move(group));
  }
  return out;
}

}  // namespace testgen::app
