// GET /health, /ready, /alive and their Kubernetes names. They answer from results that the
// telemetry room obtained in the background, on the I/O thread, so they answer whatever hangs.
#include <nlohmann/json.hpp>
#include <string_view>

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

bool asks_for_details(std::string_view query) {
  return query == "verbose" || query == "verbose=1" || query == "verbose=true";
}

ordered_json check_json(const telemetry::CheckStatus& check) {
  const bool required = check.impact == telemetry::CheckImpact::NotReady;
  return {{"status", !check.configured ? "not configured"
                     : check.healthy   ? "passes"
                     : !required       ? "degraded"
                                       : "fails"},
          {"required", required},
          {"configured", check.configured},
          {"message", check.message},
          {"age_seconds", check.age_seconds}};
}

void ready(telemetry::Telemetry& telemetry, const ExchangePtr& exchange) {
  const telemetry::Readiness readiness = telemetry.health().readiness();
  const bool verbose = asks_for_details(exchange->request.query);
  ordered_json body{{"status", readiness.ready ? "ready" : "not ready"}};
  body["checks"] = ordered_json::object();
  for (const telemetry::CheckStatus& check : readiness.checks) {
    if (check.listed || !check.healthy || verbose) body["checks"][check.name] = check.healthy;
  }
  if (verbose) {
    body["degraded"] = readiness.degraded;
    body["draining"] = readiness.draining;
    for (const telemetry::CheckStatus& check : readiness.checks) {
      body["details"][check.name] = check_json(check);
    }
    body["threads"] = telemetry.health().thread_names();
    body["timestamp"] = now_seconds(telemetry);
  }
  Response response =
      json_response(readiness.ready ? 200 : 503,
                    body.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  // For those who read the short answer: ready, and with less.
  if (readiness.ready && readiness.degraded) response.headers.push_back({"x-degraded", "true"});
  exchange->answer(std::move(response));
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
