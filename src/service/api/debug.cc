// GET /debug/traces/{id}: the spans of a trace that are still in memory, without any collector.
// GET /debug/requests: what is being worked on right now, with its stage and age.
// GET and PUT /debug/log-level: how much the running service says.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/strings.h"
#include "service/api/context.h"
#include "service/api/operations.h"
#include "telemetry/tracing/span_catalogue.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::ordered_json;

std::string_view status_name(telemetry::SpanStatus status) {
  switch (status) {
    case telemetry::SpanStatus::Unset:
      return "unset";
    case telemetry::SpanStatus::Ok:
      return "ok";
    case telemetry::SpanStatus::Error:
      return "error";
  }
  return "unset";
}

base::WallTime wall_time(std::int64_t nanoseconds) {
  return base::WallTime(
      std::chrono::duration_cast<base::WallTime::duration>(std::chrono::nanoseconds(nanoseconds)));
}

ordered_json attributes_json(std::span<const telemetry::Attribute> attributes) {
  ordered_json object = ordered_json::object();
  for (const telemetry::Attribute& attribute : attributes) {
    ordered_json& shown = object[std::string(attribute.key())];
    const telemetry::AttributeValue whole = attribute.value();
    if (const auto* list = std::get_if<telemetry::TextList>(&whole)) {
      shown = ordered_json::array();
      list->for_each([&](std::string_view text) { shown.push_back(text); });
      continue;
    }
    std::visit(
        [&](const auto& value) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, telemetry::TextList>) {
            shown = value;
          }
        },
        whole);
  }
  return object;
}

ordered_json span_json(const telemetry::SpanRecord& span) {
  ordered_json document;
  document["name"] = span.name();
  document["span_id"] = span.context.span_id.hex();
  document["parent_span_id"] =
      span.parent.valid() ? ordered_json(span.parent.hex()) : ordered_json(nullptr);
  document["kind"] = telemetry::to_string(span.kind);
  document["start"] = base::format_rfc3339(wall_time(span.start_ns));
  document["start_unix_nano"] = span.start_ns;
  document["duration_ms"] = static_cast<double>(span.end_ns - span.start_ns) / 1e6;
  document["status"] = status_name(span.status());
  if (!span.status_message().empty()) document["status_message"] = span.status_message();
  document["attributes"] = attributes_json(span.attributes());
  for (const telemetry::SpanEvent& event : span.events()) {
    document["events"].push_back({{"name", event.name},
                                  {"time", base::format_rfc3339(wall_time(event.time_ns))},
                                  {"attributes", attributes_json(event.attributes)}});
  }
  return document;
}

Response document_response(const ordered_json& document) {
  return json_response(200, document.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

void trace(ApiContext& api, const ExchangePtr& exchange) {
  const std::string& text = exchange->match.parameters.front();
  const auto id = telemetry::TraceId::from_hex(text);
  if (!id) {
    exchange->fail(
        Problem::from(Error{ErrorCode::InvalidArgument, "'" + text + "' is not a trace id",
                            "a trace id has 32 hexadecimal digits"}));
    return;
  }
  const auto spans = api.telemetry.tracer().ring().trace(*id);
  if (spans.empty()) {
    exchange->fail(Problem::from(Error{ErrorCode::NotFound, "no span of this trace is in memory",
                                       "only the newest finished spans are kept"}));
    return;
  }
  ordered_json document{{"trace_id", id->hex()}, {"spans", ordered_json::array()}};
  for (const auto& span : spans) document["spans"].push_back(span_json(*span));
  exchange->answer(document_response(document));
}

void requests(ApiContext& api, const ExchangePtr& exchange) {
  const base::SteadyTime now = api.telemetry.clock().steady_now();
  ordered_json document{{"requests", ordered_json::array()}, {"jobs", ordered_json::array()}};
  api.in_flight.for_each([&](const Exchange& open) {
    const std::chrono::duration<double> age = now - open.begun;
    document["requests"].push_back({{"method", open.request.method},
                                    {"endpoint", open.endpoint()},
                                    {"stage", open.stage.load()},
                                    {"age_seconds", age.count()},
                                    {"trace_id", open.context.trace_id.hex()},
                                    {"request_id", open.request_id}});
  });
  for (const JobQueue::Run& run : api.queue.runs()) {
    const std::chrono::duration<double> age = run.age;
    document["jobs"].push_back({{"id", run.job_id},
                                {"stage", run.stage},
                                {"fraction", run.fraction},
                                {"age_seconds", age.count()},
                                {"trace_id", run.trace_id}});
  }
  exchange->answer(document_response(document));
}

void show_log_level(ApiContext& api, const ExchangePtr& exchange) {
  const std::string level = base::to_lower(telemetry::to_string(api.telemetry.log().level()));
  exchange->answer(
      document_response({{"level", level}, {"debug_metrics", api.telemetry.debug_metrics()}}));
}

// {"level":"debug"}, {"debug_metrics":true} or both. All or nothing.
void change_log_level(ApiContext& api, const ExchangePtr& exchange) {
  const auto body = read_body(*find_operation("PUT", "/debug/log-level"), exchange->request);
  if (const auto* problem = std::get_if<Problem>(&body)) return exchange->fail(*problem);
  const auto& wanted = std::get<nlohmann::json>(body);
  if (wanted.empty()) {
    return exchange->fail(Problem::from_fields(
        {{"", R"(must hold level, debug_metrics or both, as in {"level":"debug"})"}}));
  }
  std::optional<telemetry::LogLevel> level;
  if (wanted.contains("level"))
    level = telemetry::log_level_from(wanted["level"].get<std::string>());
  std::optional<bool> debug_metrics;
  if (wanted.contains("debug_metrics")) debug_metrics = wanted["debug_metrics"].get<bool>();
  telemetry::Logger& log = api.telemetry.log();
  if (level && *level != log.level()) {
    const telemetry::LogLevel before = log.level();
    // Said at the more talkative of the two, so that the line is there either way.
    log.set_level(std::min(before, *level));
    log.write(telemetry::LogEvent::LogLevelChanged, exchange->context,
              {{"from", telemetry::to_string(before)}, {"to", telemetry::to_string(*level)}});
    log.set_level(*level);
  }
  if (debug_metrics && *debug_metrics != api.telemetry.debug_metrics()) {
    api.telemetry.set_debug_metrics(*debug_metrics);
    log.write(telemetry::LogEvent::DebugMetricsChanged, exchange->context,
              {{"enabled", *debug_metrics}});
  }
  show_log_level(api, exchange);
}

}  // namespace

void add_debug(Router& router, ApiContext& api) {
  router.add({.method = "GET",
              .path = "/debug/traces/{id}",
              .permission = Permission::Inspect,
              .feature = "inspect",
              .endpoint = [&api](const ExchangePtr& exchange) { trace(api, exchange); }});
  router.add({.method = "GET",
              .path = "/debug/requests",
              .permission = Permission::Inspect,
              .feature = "inspect",
              .endpoint = [&api](const ExchangePtr& exchange) { requests(api, exchange); }});
  router.add({.method = "GET",
              .path = "/debug/log-level",
              .permission = Permission::Inspect,
              .endpoint = [&api](const ExchangePtr& exchange) { show_log_level(api, exchange); }});
  router.add(
      {.method = "PUT",
       .path = "/debug/log-level",
       .permission = Permission::Administer,
       .endpoint = [&api](const ExchangePtr& exchange) { change_log_level(api, exchange); }});
}

}  // namespace testgen::service
