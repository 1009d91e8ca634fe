// The whole service over real sockets, with a runner and a scanner that tests can steer.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file_system.h"
#include "service/service.h"
#include "support/raw_http.h"

namespace testgen::service {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
  [[nodiscard]] json document() const { return json::parse(body, nullptr, false); }
  [[nodiscard]] std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class ServiceTest : public ::testing::Test {
 protected:
  void open(ServiceOptions options = {}) {
    options.listen = "127.0.0.1:0";
    options.data = folder_.path() / "data";
    options.version = "1.0";
    options.workers = 1;
    options.drain_notice = milliseconds(0);
    if (!options.scanner.scan) options.scanner = scanner();
    auto opened = Service::open(
        options, *telemetry_,
        [this](const model::Job& job, const telemetry::SpanContext& parent,
               const std::stop_token& stop, const JobProgress&) { return run(job, parent, stop); });
    ASSERT_TRUE(opened) << opened.error().message;
    service_ = std::move(*opened);
  }
  Result<std::string> run(const model::Job& job, const telemetry::SpanContext& parent,
                          const std::stop_token& stop) {
    ++runs_;
    if (!parent.baggage().empty() || !parent.tracestate().empty()) {
      const std::lock_guard lock(mutex_);
      handed_on_ = std::string(parent.tracestate()) + " " + std::string(parent.baggage());
    }
    const telemetry::Span span =
        telemetry_->tracer().start("generate_tests", telemetry::SpanKind::Internal, parent);
    (void)support::eventually([&] { return stop.stop_requested() || !hold_.load(); });
    if (const auto code = failure_.load(); code != ErrorCode::Cancelled) {
      return Error{code, "it broke", "mend it"};
    }
    return R"({"request":)" + job.request_json + "}";
  }
  // Finds nothing, and says which files it was given.
  Scanner scanner() {
    return {
        .scan = [this](const ScanInput& input, const telemetry::SpanContext&, base::SteadyTime,
                       const std::stop_token& stop) -> Result<ScanAnswer> {
          ++scans_;
          (void)support::eventually([&] { return stop.stop_requested() || !hold_.load(); });
          json files = json::array();
          for (const ScanInput::File& file : input.files) files.push_back(file.path);
          return ScanAnswer{json{{"files", files}}.dump(), !stop.stop_requested()};
        },
        .rules_version = [this](bool audit) { return std::to_string(rules_) + (audit ? "a" : ""); },
        .knows_rule = [](std::string_view rule) { return rule == "python/weak-hash"; }};
  }
  static std::string scan_body(const std::string& content, bool audit = false) {
    return json{{"files", {{{"path", "a.py"}, {"content", content}}}},
                {"options", {{"audit", audit}}}}
        .dump();
  }
  Answer send(const std::string& method, const std::string& path, const std::string& body = "",
              const std::string& headers = "") {
    support::RawClient client(service_->address().port);
    client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    const std::string response = client.read_response(seconds(20));
    const std::size_t end = response.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    return {std::atoi(response.c_str() + 9), response.substr(0, end + 2), response.substr(end + 4)};
  }
  static std::string body(int seed, double wait = 20) {
    return json{{"language", "python"},
                {"files", {{{"path", "calc.py"}, {"content", "x = 1\n"}}}},
                {"options", {{"budget_seconds", 1}, {"seed", seed}}},
                {"wait_seconds", wait}}
        .dump();
  }
  std::uint64_t requests(const char* method, const char* endpoint, int status) {
    return telemetry_->metrics().requests_total.with(method, endpoint, status).value();
  }

  base::SystemClock clock_;
  std::unique_ptr<telemetry::Telemetry> telemetry_ =
      *telemetry::Telemetry::create(telemetry::TelemetryOptions::quiet(), clock_);
  base::TempDir folder_ = *base::TempDir::create("service");
  std::atomic<int> runs_{0};
  std::atomic<int> scans_{0};
  std::atomic<int> rules_{1};  // their version
  std::atomic<bool> hold_{false};
  std::atomic<ErrorCode> failure_{ErrorCode::Cancelled};  // Cancelled: none
  std::mutex mutex_;
  std::string handed_on_;  // what the runner saw of the caller's own headers
  std::unique_ptr<Service> service_;
};

}  // namespace testgen::service
