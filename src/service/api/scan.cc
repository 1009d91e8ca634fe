// POST /v1/scan: security findings of the posted files, in this answer.
#include "service/api/context.h"
#include "service/scans/scan_desk.h"

namespace testgen::service {
namespace {

constexpr std::string_view kKind = "scan";

// Everything that can change the findings.
std::string key_of(const ApiContext& api, const ScanInput& input) {
  return cache_key({api.version, kKind, input.tenant,
                    api.scans.scanner().rules_version(input.audit), input.canonical_json()});
}

void scan(ApiContext& api, const ExchangePtr& exchange) {
  auto parsed = parse_scan(exchange->request.body);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return exchange->fail(*problem);
  auto& input = std::get<ScanInput>(parsed);
  exchange->span.set("file.count", input.files.size());
  input.tenant = tenant_of(*exchange);
  const std::string key = key_of(api, input);
  if (const auto hit = api.cache.get(key, exchange->context)) {
    exchange->span.set("cache.hit", true);
    return exchange->answer(json_response(200, *hit));
  }
  if (api.draining) {
    return exchange->fail(Problem::from_status(503, "the service is stopping"));
  }
  exchange->stage = "waiting for a scan";
  const telemetry::SpanContext context = exchange->context;
  const bool taken = api.scans.ask(
      key, std::move(input), context,
      [&api, key, context](const auto& answer) { api.cache.put(key, answer->report, context); },
      [exchange](const auto& answer) {
        if (!answer) return exchange->fail(Problem::from(answer.error()));
        exchange->answer(json_response(200, answer->report));
      });
  if (!taken) exchange->fail(Problem::from_status(429, "too many scans are waiting"));
}

}  // namespace

void add_scan(Router& router, ApiContext& api) {
  router.add({.method = "POST",
              .path = "/v1/scan",
              .permission = Permission::Generate,
              .feature = "scan",
              .endpoint = [&api](const ExchangePtr& exchange) { scan(api, exchange); }});
}

}  // namespace testgen::service
