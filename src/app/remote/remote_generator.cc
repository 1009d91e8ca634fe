#include "app/remote/remote_generator.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/remote/module_bundle.h"
#include "base/random.h"
#include "emit/report_read.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kWait{1'000};     // of the first request for its result
constexpr seconds kGoodbye{2};           // for telling that a job is not wanted
constexpr seconds kAnswerGrace{15};      // beyond the wait that was asked for
constexpr milliseconds kFirstPoll{250};  // doubles up to kLastPoll
constexpr milliseconds kLastPoll{2'000};

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
  if (!settings.server_environment.empty()) {
    body["options"]["environment"] = settings.server_environment;
  }
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

base::Result<std::unique_ptr<RemoteGenerator>> RemoteGenerator::create(
    const config::Settings& settings, const base::Clock& clock) {
  TG_ASSIGN(auto client, ServiceClient::create(settings, clock));
  const double budget = static_cast<double>(settings.budget.count()) / 1000;
  if (budget < service::kMinBudgetSeconds || budget > service::kMaxBudgetSeconds) {
    return Error{ErrorCode::InvalidArgument, "--budget: a service takes from 1s to 60s", ""};
  }
  return std::unique_ptr<RemoteGenerator>(new RemoteGenerator(settings, std::move(client)));
}

base::Result<model::ModuleReport> RemoteGenerator::generate(const WorkItem& item,
                                                            pipeline::Progress& progress,
                                                            const std::string& traceparent,
                                                            const std::stop_token& stop) {
  progress.update(item.file.string(), "sending", 0);
  TG_ASSIGN(const ModuleBundle bundle, bundle_module(item.file, settings_.output));
  const milliseconds wait = std::min<milliseconds>(settings_.budget, kWait);
  net::HttpRequest post = client_->request_to("POST", "/v1/generate");
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
  TG_ASSIGN(net::HttpResponse response, client_->send_patiently(post, stop));
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
    client_->pause(pause, stop);
    pause = std::min(pause * 2, kLastPoll);
    TG_ASSIGN(response, client_->send_patiently(
                            client_->request_to("GET", "/v1/jobs/" + job.value("id", "")), stop));
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
  const auto found = client_->send(post);
  const json job = found ? json::parse(found->body, nullptr, false) : json();
  if (!job.is_object() || !job.contains("id")) return;
  net::HttpRequest request = client_->request_to("DELETE", "/v1/jobs/" + job.value("id", ""));
  request.timeout = kGoodbye;
  [[maybe_unused]] const auto told = client_->send(request);
}

}  // namespace testgen::app
