#include "app/remote/remote_generator.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/remote/module_bundle.h"
#include "base/random.h"
#include "emit/report_read.h"
#include "net/retry.h"
#include "service/auth/authenticator.h"
#include "service/http/problem.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxAnswerBytes = 64U << 20U;
constexpr seconds kPatience{600};        // with a service that is full or away
constexpr milliseconds kWait{1'000};     // of the first request for its result
constexpr seconds kGoodbye{2};           // for telling that a job is not wanted
constexpr seconds kAnswerGrace{15};      // beyond the wait that was asked for
constexpr milliseconds kFirstPoll{250};  // doubles up to kLastPoll
constexpr milliseconds kLastPoll{2'000};

void sleep(milliseconds time, const base::Clock& clock, const std::stop_token& stop) {
  const base::SteadyTime until = clock.steady_now() + time;
  while (!stop.stop_requested() && clock.steady_now() < until) {
    std::this_thread::sleep_for(std::min<milliseconds>(milliseconds(50), time));
  }
}

// What the service's problem document says, as the error it was.
Error error_of(const net::HttpResponse& response) {
  const service::Problem problem = service::problem_from_json(response.body);
  Error error{ErrorCode::Unavailable,
              "the service answered " + std::to_string(response.status) + ": " + problem.detail,
              problem.hint};
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    if (base::to_string(code) == problem.code) {
      error.code = code;
      error.message = problem.detail;
    }
  }
  if (response.status == 401 || response.status == 403) {
    error.code = ErrorCode::Unauthenticated;
    error.hint = "give --token-file or TESTGEN_API_TOKEN";
  }
  if (response.status == 413) error.code = ErrorCode::TooLarge;
  return error;
}

bool comes_back(int status) {
  return status == 429 || status == 503;
}

std::string body_of(const ModuleBundle& bundle, const WorkItem& item,
                    const config::Settings& settings, milliseconds wait) {
  json body{{"language", "python"},
            {"files", json::array()},
            {"options",
             {{"budget_seconds", static_cast<double>(settings.budget.count()) / 1000},
              {"seed", settings.seed},
              {"max_executions", settings.max_executions},
              {"framework", settings.framework},
              {"output", bundle.output},
              {"symbols", item.symbols}}},
            {"wait_seconds", static_cast<double>(wait.count()) / 1000}};
  if (!settings.engine.empty()) body["options"]["engine"] = settings.engine;
  for (const service::InputFile& file : bundle.files) {
    json entry{{"path", file.path}, {"content", file.content}};
    if (!file.generate) entry["generate"] = false;
    body["files"].push_back(std::move(entry));
  }
  return body.dump();
}

base::Result<model::ModuleReport> report_of(const json& job, const ModuleBundle& bundle,
                                            const WorkItem& item) {
  const json result = job.value("result", json::object());
  const json modules = result.value("modules", json::array());
  if (modules.size() != 1) {
    return Error{ErrorCode::Unavailable, "the service gave no report of the module",
                 "it may be of another version than this program"};
  }
  TG_ASSIGN(model::ModuleReport report, emit::read_module(modules[0]));
  report.source_path = item.file.string();
  const std::string prefix = bundle.output + "/";
  for (const json& file : result.value("files", json::array())) {
    std::string path = file.value("path", "");
    if (!path.starts_with(prefix) || !service::path_fault(path).empty()) {
      return Error{ErrorCode::Unavailable,
                   "the service sent a file that was not asked for: " + path, ""};
    }
    report.files.push_back({path.substr(prefix.size()), file.value("content", "")});
  }
  return report;
}

}  // namespace

RemoteGenerator::RemoteGenerator(const config::Settings& settings, const base::Clock& clock,
                                 std::string token)
    : settings_(settings), clock_(clock), url_(settings.server), token_(std::move(token)) {
  while (url_.ends_with('/')) url_.pop_back();
}

base::Result<std::unique_ptr<RemoteGenerator>> RemoteGenerator::create(
    const config::Settings& settings, const base::Clock& clock) {
  if (!settings.server.starts_with("http://") && !settings.server.starts_with("https://")) {
    return Error{ErrorCode::InvalidArgument, "--server: \"" + settings.server + "\" is not a URL",
                 "write it as http://host:8000"};
  }
  const double budget = static_cast<double>(settings.budget.count()) / 1000;
  if (budget < service::kMinBudgetSeconds || budget > service::kMaxBudgetSeconds) {
    return Error{ErrorCode::InvalidArgument, "--budget: a service takes from 1s to 60s", ""};
  }
  std::string token = settings.api_token;
  if (!settings.token_file.empty()) {
    auto read = service::read_token_file(settings.token_file);
    if (!read) return std::move(read).error().with_context("--token-file");
    token = *std::move(read);
  }
  return std::unique_ptr<RemoteGenerator>(new RemoteGenerator(settings, clock, std::move(token)));
}

net::HttpRequest RemoteGenerator::request_to(const std::string& method,
                                             const std::string& path) const {
  net::HttpRequest request;
  request.method = method;
  request.url = url_ + path;
  request.max_response_bytes = kMaxAnswerBytes;
  request.tls.authorities = settings_.server_certificate;
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  return request;
}

base::Result<net::HttpResponse> RemoteGenerator::send(const net::HttpRequest& request) const {
  auto response = client_.send(request);
  if (response) return response;
  Error error = std::move(response).error();
  if (error.hint.empty()) error.hint = "is the service at " + url_ + " running?";
  return error;
}

// Only a service that has answered is waited for: a wrong address is said at once.
base::Result<net::HttpResponse> RemoteGenerator::send_patiently(net::HttpRequest request,
                                                                const std::stop_token& stop) const {
  net::Backoff backoff(milliseconds(500), milliseconds(10'000),
                       clock_.steady_now().time_since_epoch().count());
  request.stop = stop;
  const base::SteadyTime until = clock_.steady_now() + kPatience;
  while (true) {
    auto response = send(request);
    if (!response || !comes_back(response->status) || clock_.steady_now() > until) return response;
    const auto asked = net::parse_retry_after(response->header("retry-after"), clock_.wall_now());
    sleep(std::max(asked.value_or(milliseconds(0)), backoff.next()), clock_, stop);
    if (stop.stop_requested()) return Error{ErrorCode::Cancelled, "stopped", ""};
  }
}

base::Result<model::ModuleReport> RemoteGenerator::generate(const WorkItem& item,
                                                            pipeline::Progress& progress,
                                                            const std::string& traceparent,
                                                            const std::stop_token& stop) {
  progress.update(item.file.string(), "sending", 0);
  TG_ASSIGN(const ModuleBundle bundle, bundle_module(item.file, settings_.output));
  const milliseconds wait = std::min<milliseconds>(settings_.budget, kWait);
  net::HttpRequest post = request_to("POST", "/v1/generate");
  post.body = body_of(bundle, item, settings_, wait);
  post.headers.emplace_back("Content-Type", "application/json");
  // The same key when it is sent again, so that it is not worked on twice.
  post.headers.emplace_back("Idempotency-Key", base::random_hex(16));
  if (!traceparent.empty()) post.headers.emplace_back("traceparent", traceparent);
  post.timeout = wait + kAnswerGrace;
  auto job = wait_for_end(post, item, progress, stop);
  if (stop.stop_requested()) cancel(post);
  if (!job) return std::move(job).error();
  return report_of(*job, bundle, item);
}

// The job as it ended well, or why it did not.
base::Result<json> RemoteGenerator::wait_for_end(const net::HttpRequest& post, const WorkItem& item,
                                                 pipeline::Progress& progress,
                                                 const std::stop_token& stop) const {
  TG_ASSIGN(net::HttpResponse response, send_patiently(post, stop));
  milliseconds pause = kFirstPoll;
  while (response.status == 200 || response.status == 202) {
    json job = json::parse(response.body, nullptr, false);
    const std::string state = job.is_object() ? job.value("state", "") : "";
    if (state == "succeeded") return job;
    if (state != "queued" && state != "running") {
      response.body = job.is_object() ? job.value("error", json::object()).dump() : "";
      break;
    }
    progress.update(item.file.string(), job.value("stage", state), job.value("fraction", 0.0));
    sleep(pause, clock_, stop);
    pause = std::min(pause * 2, kLastPoll);
    TG_ASSIGN(response, send_patiently(request_to("GET", "/v1/jobs/" + job.value("id", "")), stop));
  }
  return error_of(response);
}

// Nobody wants it any more. The key leads to the job even where its id was not heard; if the
// service is not there, the job just ends.
void RemoteGenerator::cancel(net::HttpRequest post) const {
  post.timeout = kGoodbye;
  json body = json::parse(post.body);
  body["wait_seconds"] = 0;
  post.body = body.dump();
  const auto found = client_.send(post);
  const json job = found ? json::parse(found->body, nullptr, false) : json();
  if (!job.is_object() || !job.contains("id")) return;
  net::HttpRequest request = request_to("DELETE", "/v1/jobs/" + job.value("id", ""));
  request.timeout = kGoodbye;
  [[maybe_unused]] const auto told = client_.send(request);
}

}  // namespace testgen::app
