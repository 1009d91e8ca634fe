// GET /health, /ready, /alive and their Kubernetes names. They answer from results that the
// telemetry room obtained in the background, on the I/O thread, so they answer whatever hangs.
#include <nlohmann/json.hpp>

#include "service/api/context.h"

namespace testgen::service {
namespace {

using nlohmann::ordered_json;

double now_seconds(telemetry::Telemetry& telemetry) {
  return base::unix_seconds(telemetry.clock().wall_now());
}

void health(telemetry::Telemetry& telemetry, const ExchangePtr& exchange) {
  const ordered_json body{{"status", "healthy"}, {"timestamp", now_seconds(telemetry)}};
  exchange->answer(json_response(200, body.dump()));
}

void alive(telemetry::Telemetry& telemetry, const ExchangePtr& exchange) {
  const telemetry::Liveness liveness = telemetry.health().liveness();
  if (liveness.alive) {
    const ordered_json body{{"status", "alive"}, {"timestamp", now_seconds(telemetry)}};
    exchange->answer(json_response(200, body.dump()));
  } else {
    const ordered_json body{{"status", "dead"}, {"error", liveness.error}};
    exchange->answer(json_response(500, body.dump()));
  }
}

void ready(telemetry::Telemetry& telemetry, const ExchangePtr& exchange) {
  const telemetry::Readiness readiness = telemetry.health().readiness();
  ordered_json body{{"status", readiness.ready ? "ready" : "not ready"}};
  body["checks"] = ordered_json::object();
  for (const telemetry::CheckStatus& check : readiness.checks) {
    body["checks"][check.name] = check.healthy;
  }
  const std::string& query = exchange->request.query;
  if (query == "verbose" || query == "verbose=1" || query == "verbose=true") {
    body["degraded"] = readiness.degraded;
    body["draining"] = readiness.draining;
    for (const telemetry::CheckStatus& check : readiness.checks) {
      body["details"][check.name] = {{"configured", check.configured},
                                     {"required", check.impact == telemetry::CheckImpact::NotReady},
                                     {"message", check.message},
                                     {"age_seconds", check.age_seconds}};
    }
  }
  exchange->answer(
      json_response(readiness.ready ? 200 : 503,
                    body.dump(-1, ' ', false, ordered_json::error_handler_t::replace)));
}

}  // namespace

void add_probes(Router& router, telemetry::Telemetry& telemetry) {
  const auto probe = [&](const char* path,
                         void (*answer)(telemetry::Telemetry&, const ExchangePtr&)) {
    router.add({.method = "GET",
                .path = path,
                .permission = Permission::Public,
                .runs = Runs::OnIoThread,
                .measured = false,
                .endpoint = [&telemetry, answer](const ExchangePtr& exchange) {
                  answer(telemetry, exchange);
                }});
  };
  probe("/health", health);
  probe("/ready", ready);
  probe("/readyz", ready);
  probe("/alive", alive);
  probe("/livez", alive);
}

}  // namespace testgen::service
