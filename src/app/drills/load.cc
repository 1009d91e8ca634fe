#include "app/drills/load.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/clock.h"

namespace testgen::app {
namespace {

using std::chrono::milliseconds;

struct Pace {
  unsigned threads = 0;
  milliseconds pause{0};
  unsigned turns = 0;  // of each thread; 0: without end
};

Pace pace_of(DrillLoad kind) {
  switch (kind) {
    case DrillLoad::None:
      return {};
    case DrillLoad::SameQuestion:
      return {8, milliseconds(200), 0};
    case DrillLoad::NewQuestions:
    case DrillLoad::ModelQuestions:
    case DrillLoad::HangingCode:
      return {2, milliseconds(200), 0};
    case DrillLoad::ManyNew:
      return {2, milliseconds(0), 12};
    case DrillLoad::Guesses:
    case DrillLoad::ManyRequests:
      return {1, milliseconds(10), 0};
    case DrillLoad::FalsePositives:
      return {1, milliseconds(100), 0};
  }
  return {};
}

constexpr std::string_view kSource =
    "def drill_{0}(x: int) -> int:\n    if x > {1}:\n        return 1\n    return x\n";
constexpr std::string_view kHanging =
    "x = {1}\nwhile True:\n    x += 1\n\ndef drill_{0}(y: int) -> int:\n    return y\n";

// Without an engine the service's usual one answers.
std::string job(const std::string& source, int wait_seconds, const std::string& engine = "") {
  nlohmann::json options{{"budget_seconds", 1}};
  if (!engine.empty()) options["engine"] = engine;
  return nlohmann::json{{"language", "python"},
                        {"files", {{{"path", "drill.py"}, {"content", source}}}},
                        {"options", std::move(options)},
                        {"wait_seconds", wait_seconds}}
      .dump();
}

}  // namespace

net::HttpRequest ServiceAccess::request(std::string method, const std::string& path) const {
  net::HttpRequest request;
  request.method = std::move(method);
  request.url = url + path;
  request.timeout = std::chrono::seconds(10);
  request.tls.authorities = authorities;
  if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
  request.headers.emplace_back("Content-Type", "application/json");
  return request;
}

Load::Load(DrillLoad kind, ServiceAccess service)
    : kind_(kind),
      service_(std::move(service)),
      run_(std::to_string(
          static_cast<std::int64_t>(base::unix_seconds(base::SystemClock().wall_now())))) {
  const Pace pace = pace_of(kind);
  for (unsigned i = 0; i < pace.threads; ++i) {
    threads_.emplace_back([this, i](const std::stop_token& stop) { run(stop, i); });
  }
}

Load::~Load() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

net::HttpRequest Load::next(unsigned thread, unsigned turn) const {
  const std::string number = fmt::format("{}{:02}", turn, thread);
  net::HttpRequest request = service_.request("POST", "/v1/generate");
  switch (kind_) {
    case DrillLoad::SameQuestion:
      request.body = job(fmt::format(fmt::runtime(kSource), run_, 0), 3);
      break;
    case DrillLoad::NewQuestions:
      request.body = job(fmt::format(fmt::runtime(kSource), run_, number), 3);
      break;
    case DrillLoad::ModelQuestions:
      // The search alone would cover this, and "auto" ask nobody.
      request.body = job(fmt::format(fmt::runtime(kSource), run_, number), 3, "llm");
      break;
    case DrillLoad::ManyNew:
      request.body = job(fmt::format(fmt::runtime(kSource), run_, number), 0);
      break;
    case DrillLoad::HangingCode:
      request.body = job(fmt::format(fmt::runtime(kHanging), run_, number), 3);
      break;
    case DrillLoad::Guesses:
      request = service_.request("GET", "/v1/jobs");
      std::erase_if(request.headers,
                    [](const auto& header) { return header.first == "Authorization"; });
      request.headers.emplace_back("Authorization", "Bearer guess-" + run_ + number);
      break;
    case DrillLoad::ManyRequests:
      request = service_.request("GET", "/v1/jobs?limit=1");
      break;
    case DrillLoad::FalsePositives:
      request = service_.request("POST", "/v1/findings/drill-" + run_ + number + "/feedback");
      request.body = R"({"verdict":"false_positive","comment":"a drill"})";
      break;
    case DrillLoad::None:
      break;
  }
  return request;
}

void Load::run(const std::stop_token& stop, unsigned thread) {
  const Pace pace = pace_of(kind_);
  std::mutex mutex;
  std::condition_variable_any changed;
  for (unsigned turn = 0; !stop.stop_requested() && (pace.turns == 0 || turn < pace.turns);
       ++turn) {
    net::HttpRequest request = next(thread, turn);
    request.stop = stop;
    (void)client_.send(request);
    std::unique_lock lock(mutex);
    changed.wait_for(lock, stop, pace.pause, [] { return false; });
  }
}

}  // namespace testgen::app
