// POST /v1/hooks/alertmanager: alerts as Alertmanager's webhook tells them, kept and logged once
// for each change. Those that ask for a ticket get one where the service has a desk for tickets.
#include <nlohmann/json.hpp>

#include "service/api/context.h"
#include "service/api/operations.h"

namespace testgen::service {
namespace {

using nlohmann::json;

// By the summary for the list, and for who opens it what Alertmanager's own messages say.
TicketRequest ticket_for(const json& entry) {
  const json& labels = entry["labels"];
  const auto annotation = [&entry](const char* name) {
    return entry.contains("annotations") ? entry["annotations"].value(name, std::string())
                                         : std::string();
  };
  TicketRequest request{.fingerprint = entry["fingerprint"], .firing = entry["status"] == "firing"};
  request.summary = labels.value("alertname", "alert");
  if (labels.contains("warning")) request.summary += ": " + labels.value("warning", "");
  if (labels.contains("job")) request.summary += " (" + labels.value("job", "") + ")";
  request.text = annotation("summary") + "\n" + annotation("description") +
                 "\n\nRunbook: " + annotation("runbook_url") +
                 "\nDashboard: " + annotation("dashboard_url") +
                 "\nSince: " + entry["startsAt"].get<std::string>() + "\n";
  return request;
}

// Each alert that asks for a ticket, known or news: what failed the last time is made up for, and
// what was done is not done twice.
base::Status keep_tickets(ApiContext& api, const ExchangePtr& exchange, const json& alerts) {
  if (!api.tickets) return {};
  for (const json& entry : alerts) {
    if (entry["labels"].value("severity", "") != "ticket") continue;
    telemetry::Span span =
        api.telemetry.tracer().start("ticket", telemetry::SpanKind::Client, exchange->context);
    const auto done = api.tickets(ticket_for(entry));
    if (!done) {
      span.set("error.type", base::to_string(done.error().code));
      api.telemetry.count_error(done.error(), "tickets");
      return done.error();
    }
    span.set("ticket.action", *done);
  }
  return {};
}

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
  // Alertmanager tries again when it is told that something is missing.
  if (const auto kept = keep_tickets(api, exchange, document["alerts"]); !kept) {
    return exchange->fail(Problem::from(
        base::Error{base::ErrorCode::Unavailable, kept.error().message, kept.error().hint}));
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
