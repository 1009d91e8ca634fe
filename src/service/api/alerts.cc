// POST /v1/hooks/alertmanager: alerts as Alertmanager's webhook tells them, kept and logged once
// for each change.
#include <nlohmann/json.hpp>

#include "service/api/context.h"
#include "service/api/operations.h"

namespace testgen::service {
namespace {

using nlohmann::json;

void receive(ApiContext& api, const ExchangePtr& exchange, const Operation& operation) {
  const auto body = read_body(operation, exchange->request);
  if (const auto* problem = std::get_if<Problem>(&body)) return exchange->fail(*problem);
  const auto& document = std::get<json>(body);
  std::vector<storage::Alert> alerts;
  for (const json& entry : document["alerts"]) {
    alerts.push_back({.fingerprint = entry["fingerprint"],
                      .starts_at = entry["startsAt"],
                      .status = entry["status"],
                      .document = entry.dump(),
                      .received = api.telemetry.clock().wall_now()});
  }
  const auto news = api.store.note_alerts(alerts);
  if (!news) return exchange->fail(Problem::from(news.error()));
  for (const storage::Alert& alert : *news) {
    const json entry = json::parse(alert.document, nullptr, false);
    api.telemetry.log().write(telemetry::LogEvent::AlertReceived, exchange->context,
                              {{"alert", entry["labels"].value("alertname", "")},
                               {"status", alert.status},
                               {"severity", entry["labels"].value("severity", "")},
                               {"fingerprint", alert.fingerprint}});
  }
  exchange->answer(
      json_response(200, json{{"received", alerts.size()}, {"news", news->size()}}.dump()));
}

}  // namespace

void add_alerts(Router& router, ApiContext& api) {
  constexpr const char* kPath = "/v1/hooks/alertmanager";
  router.add({.method = "POST",
              .path = kPath,
              .permission = Permission::Generate,
              .feature = "alerts",
              .endpoint = [&api, &operation = *find_operation("POST", kPath)](
                              const ExchangePtr& exchange) { receive(api, exchange, operation); }});
}

}  // namespace testgen::service
