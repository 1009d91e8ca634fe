#include "app/remote/service_client.h"

#include <algorithm>
#include <thread>

#include "app/server_access.h"
#include "net/retry.h"
#include "service/http/problem.h"

namespace testgen::app {

using base::Error;
using base::ErrorCode;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kMaxAnswerBytes = 64U << 20U;
constexpr std::chrono::seconds kPatience{600};  // with a service that is full or away

bool comes_back(int status) {
  return status == 429 || status == 503;
}

}  // namespace

Error error_of(const net::HttpResponse& response) {
  const service::Problem problem = service::problem_from_json(response.body);
  Error error{ErrorCode::Unavailable,
              "the service answered " + std::to_string(response.status) + ": " + problem.detail,
              problem.hint};
  if (const auto code = base::error_code_from(problem.code)) {
    error.code = *code;
    error.message = problem.detail;
  }
  if (response.status == 401 || response.status == 403) {
    error.code = ErrorCode::Unauthenticated;
    error.hint = "give --token-file or TESTGEN_API_TOKEN";
  }
  if (response.status == 413) error.code = ErrorCode::TooLarge;
  return error;
}

ServiceClient::ServiceClient(const config::Settings& settings, const base::Clock& clock,
                             std::string token)
    : settings_(settings), clock_(clock), url_(settings.server), token_(std::move(token)) {
  while (url_.ends_with('/')) url_.pop_back();
}

base::Result<std::unique_ptr<ServiceClient>> ServiceClient::create(const config::Settings& settings,
                                                                   const base::Clock& clock) {
  if (!settings.server.starts_with("http://") && !settings.server.starts_with("https://")) {
    return Error{ErrorCode::InvalidArgument, "--server: \"" + settings.server + "\" is not a URL",
                 "write it as http://host:8000"};
  }
  TG_ASSIGN(std::string token, server_token(settings));
  return std::unique_ptr<ServiceClient>(new ServiceClient(settings, clock, std::move(token)));
}

net::HttpRequest ServiceClient::request_to(const std::string& method,
                                           const std::string& path) const {
  net::HttpRequest request;
  request.method = method;
  request.url = url_ + path;
  request.max_response_bytes = kMaxAnswerBytes;
  request.tls.authorities = settings_.server_certificate;
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  return request;
}

base::Result<net::HttpResponse> ServiceClient::send(const net::HttpRequest& request) const {
  auto response = client_.send(request);
  if (response) return response;
  Error error = std::move(response).error();
  if (error.hint.empty()) error.hint = "is the service at " + url_ + " running?";
  return error;
}

base::Result<net::HttpResponse> ServiceClient::send_patiently(net::HttpRequest request,
                                                              const std::stop_token& stop) const {
  net::Backoff backoff(milliseconds(500), milliseconds(10'000),
                       clock_.steady_now().time_since_epoch().count());
  request.stop = stop;
  const base::SteadyTime until = clock_.steady_now() + kPatience;
  while (true) {
    auto response = send(request);
    if (!response || !comes_back(response->status) || clock_.steady_now() > until) return response;
    const auto asked = net::parse_retry_after(response->header("retry-after"), clock_.wall_now());
    pause(std::max(asked.value_or(milliseconds(0)), backoff.next()), stop);
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "stopped", ""};
  }
}

void ServiceClient::pause(milliseconds time, const std::stop_token& stop) const {
  const base::SteadyTime until = clock_.steady_now() + time;
  while (!stop.stop_requested() && clock_.steady_now() < until) {
    std::this_thread::sleep_for(std::min<milliseconds>(milliseconds(50), time));
  }
}

}  // namespace testgen::app
