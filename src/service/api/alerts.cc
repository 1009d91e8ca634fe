// POST /v1/hooks/alertmanager: alerts as Alertmanager's webhook tells them, kept and logged once
// for each change. Those that ask for a ticket get one where the service has a desk for tickets.
#include <chrono>
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

// The ticket of one alert, with what it took in a span, in figures and, where something changed or
// failed, in a line.
base::Status keep_ticket(ApiContext& api, const ExchangePtr& exchange, const json& entry) {
  telemetry::Telemetry& telemetry = api.telemetry;
  telemetry::Span span =
      telemetry.tracer().start("ticket", telemetry::SpanKind::Client, exchange->context);
  const base::SteadyTime begun = telemetry.clock().steady_now();
  const auto done = api.tickets(ticket_for(entry));
  const std::chrono::duration<double> spent = telemetry.clock().steady_now() - begun;
  telemetry.metrics().ticket_duration_seconds.observe(spent.count());
  telemetry.metrics().tickets_total.with(done ? std::string_view(*done) : "failed").add();
  const std::string alert = entry["labels"].value("alertname", "");
  const std::string fingerprint = entry["fingerprint"];
  if (!done) {
    const std::string_view kind = base::to_string(done.error().code);
    span.set("error.type", kind);
    telemetry.count_error(done.error(), "tickets");
    telemetry.log().write(telemetry::LogEvent::TicketFailed, exchange->context,
                          {{"alert", alert},
                           {"fingerprint", fingerprint},
                           {"error_type", kind},
                           {"error", done.error().message},
                           {"duration_ms", spent.count() * 1000}});
    return done.error();
  }
  span.set("ticket.action", *done);
  if (*done != "nothing") {
    telemetry.log().write(telemetry::LogEvent::TicketKept, exchange->context,
                          {{"alert", alert},
                           {"fingerprint", fingerprint},
                           {"action", *done},
                           {"duration_ms", spent.count() * 1000}});
  }
  return {};
}

// Each alert that asks for a ticket, known or news: what failed the last time is made up for, and
// what was done is not done twice.
base::Status keep_tickets(ApiContext& api, const ExchangePtr& exchange, const json& alerts) {
  if (!api.tickets) return {};
  for (const json& entry : alerts) {
    if (entry["labels"].value("severity", "") != "ticket") continue;
    TG_TRY(keep_ticket(api, exchange, entry));
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
