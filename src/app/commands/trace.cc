// testgen trace ID --server URL: the spans of a trace that a service still has in memory.
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "app/server_access.h"
#include "app/trace_view.h"
#include "net/http_client.h"
#include "telemetry/tracing/trace_context.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::chrono::seconds kTimeout{10};
constexpr std::size_t kMaxAnswerBytes = 64U << 20U;  // a whole ring of spans

// A trace id, or a whole traceparent as headers and logs have it.
base::Result<std::string> trace_id(const std::string& text) {
  if (telemetry::TraceId::from_hex(text)) return text;
  const telemetry::SpanContext context = telemetry::parse_trace_context(text);
  if (context.valid()) return context.trace_id.hex();
  return Error{ErrorCode::InvalidArgument, "\"" + text + "\" is not a trace id",
               "it has 32 hexadecimal digits; answers carry it in the header traceparent"};
}

// What the server says of a failure.
Error answered(int status, const std::string& body) {
  const auto problem = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  std::string detail = "the server answered " + std::to_string(status);
  if (problem.is_object() && problem.contains("detail") && problem["detail"].is_string()) {
    detail += ": " + problem["detail"].get<std::string>();
  }
  switch (status) {
    case 401:
    case 403:
      return {ErrorCode::Unauthenticated, detail, "give --token-file or TESTGEN_API_TOKEN"};
    case 404:
      return {ErrorCode::NotFound, detail, "only the newest finished spans are kept"};
    default:
      return {ErrorCode::Unavailable, detail, ""};
  }
}

base::Result<std::string> fetch(const config::Settings& settings, const std::string& text) {
  TG_ASSIGN(const std::string id, trace_id(text));
  TG_ASSIGN(const std::string bearer, server_token(settings));
  std::string url = settings.server;
  while (url.ends_with('/')) url.pop_back();
  net::HttpRequest request;
  request.url = url + "/debug/traces/" + id;
  request.timeout = kTimeout;
  request.max_response_bytes = kMaxAnswerBytes;
  if (!bearer.empty()) request.headers.emplace_back("Authorization", "Bearer " + bearer);
  request.tls.authorities = settings.server_certificate;
  net::HttpClient client;
  auto response = client.send(request);
  if (!response) {
    Error error = std::move(response).error();
    if (error.hint.empty()) error.hint = "is the service at " + settings.server + " running?";
    return error;
  }
  if (response->status != 200) return answered(response->status, response->body);
  return trace_text(response->body);
}

}  // namespace

int trace(const Trace& action) {
  const auto text = fetch(action.settings, action.id);
  return text ? print(*text) : report_error(text.error());
}

}  // namespace testgen::app
