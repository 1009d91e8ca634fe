#include "operations/doctor/doctor.h"

#include <gtest/gtest.h>

namespace testgen::operations {
namespace {

// A service with nothing wrong, and changes to it.
Observation healthy() {
  Observation seen;
  const std::string page =
      "testgen_memory_working_set_bytes 100\ntestgen_memory_limit_bytes 1000\n"
      "process_resident_memory_bytes 1000000\nprocess_start_time_seconds 5\n"
      "testgen_telemetry_metrics_bytes 10\ntestgen_active_requests 1\n"
      "testgen_database_operation_duration_seconds_bucket{operation=\"get\",le=\"0.1\"} 10\n"
      "testgen_database_operation_duration_seconds_bucket{operation=\"get\",le=\"+Inf\"} 10\n"
      "testgen_database_operation_duration_seconds_count{operation=\"get\"} 10\n"
      "testgen_database_errors_total 0\ntestgen_log_lines_dropped_total 0\n"
      "testgen_telemetry_series_rejected_total 0\n"
      "testgen_sandbox_runs_total{outcome=\"signalled\"} 3\n"
      "testgen_llm_requests_total{provider=\"openai\",status=\"success\"} 99\n"
      "testgen_llm_errors_total{provider=\"openai\",error_type=\"timeout\"} 1\n";
  seen.metrics = MetricsPage::read(page);
  seen.earlier = MetricsPage::read(page);
  seen.watched = 2;
  seen.readiness =
      Readiness{.ready = true, .checks = {{"database", "passes", ""}, {"llm_api", "passes", ""}}};
  seen.machine.memory_total = 1000;
  seen.machine.memory_available = 500;
  seen.machine.load = 0.5;
  seen.machine.pressure = {.cpu = 0.1, .io = 0.01, .memory = 0.0};
  return seen;
}

Observation with(const std::string& more) {
  Observation seen = healthy();
  std::string page;
  for (const PageSample& sample : seen.metrics->samples()) {
    page += sample.name + "{";
    for (const auto& [name, value] : sample.labels) page += name + "=\"" + value + "\",";
    page += "} " + std::to_string(sample.value) + "\n";
  }
  seen.metrics = MetricsPage::read(page + more);
  return seen;
}

Verdict verdict(const Report& report, const std::string& id) {
  for (const Section& section : report.sections) {
    for (const Item& item : section.items) {
      if (item.id == id) return item.verdict();
    }
  }
  ADD_FAILURE() << id;
  return Verdict::Unknown;
}

TEST(Doctor, ThereIsACheckForEachStepOfTheGuide) {
  const Report report = diagnose(healthy(), kEverything);
  EXPECT_EQ(report.sections.size(), 4U);
  for (const char* id : {"memory_by_component", "memory_growth", "memory_heavy", "active_requests",
                         "slow_queries", "contention", "llm_connectivity", "llm_errors",
                         "llm_rate_limits", "readiness", "telemetry"}) {
    EXPECT_EQ(verdict(report, id), Verdict::Good) << id;
  }
  EXPECT_EQ(diagnose(healthy(), kLlm).sections.size(), 1U);
  EXPECT_EQ(report.verdict(), Verdict::Good);
}

TEST(Doctor, EachFaultIsSeenByItsOwnCheck) {
  EXPECT_EQ(verdict(diagnose(with("testgen_memory_working_set_bytes 850\n"), kMemory),
                    "memory_by_component"),
            Verdict::Bad);
  EXPECT_EQ(
      verdict(diagnose(with("process_resident_memory_bytes 9000000\n"), kMemory), "memory_growth"),
      Verdict::Bad);
  EXPECT_EQ(verdict(diagnose(with("testgen_sandbox_runs_total{outcome=\"signalled\",x=\"y\"} 1\n"),
                             kMemory),
                    "memory_heavy"),
            Verdict::Bad);
  EXPECT_EQ(verdict(diagnose(with("testgen_database_errors_total{operation=\"get\"} 1\n"), kSlow),
                    "slow_queries"),
            Verdict::Bad);
  EXPECT_EQ(
      verdict(
          diagnose(with("testgen_llm_errors_total{provider=\"openai\",error_type=\"other\"} 9\n"),
                   kLlm),
          "llm_errors"),
      Verdict::Bad);
  EXPECT_EQ(
      verdict(
          diagnose(
              with("testgen_llm_requests_total{provider=\"openai\",status=\"rate_limited\"} 9\n"),
              kLlm),
          "llm_rate_limits"),
      Verdict::Bad);
  EXPECT_EQ(
      verdict(
          diagnose(with("testgen_llm_circuit_state{provider=\"openai\",state=\"open\"} 1\n"), kLlm),
          "llm_errors"),
      Verdict::Bad);
  EXPECT_EQ(
      verdict(diagnose(with("testgen_log_lines_dropped_total{reason=\"full\"} 1\n"), kService),
              "telemetry"),
      Verdict::Bad);
  EXPECT_EQ(
      verdict(diagnose(with("otel_sdk_exporter_span_exported_total{error_type=\"timeout\"} 4\n"),
                       kService),
              "telemetry"),
      Verdict::Bad);
  EXPECT_EQ(verdict(diagnose(with("otel_sdk_exporter_span_exported_total{error_type=\"\"} 4\n"),
                             kService),
                    "telemetry"),
            Verdict::Good);
}

TEST(Doctor, WaitingForDisksProcessorsAndSlowRequestsAreSeen) {
  Observation seen = healthy();
  seen.machine.pressure.io = 0.5;
  EXPECT_EQ(verdict(diagnose(seen, kSlow), "contention"), Verdict::Bad);
  seen = healthy();
  seen.machine.memory_available = 50;
  EXPECT_EQ(verdict(diagnose(seen, kMemory), "memory_growth"), Verdict::Bad);
  seen = healthy();
  seen.work = LiveWork{.requests = {{"GET /v1/jobs", "working", 45, "t"}}, .jobs = {}};
  EXPECT_EQ(verdict(diagnose(seen, kSlow), "active_requests"), Verdict::Bad);
  // Who asked to wait for a job is not slow.
  seen.work->requests[0].stage = "waiting for a job";
  EXPECT_EQ(verdict(diagnose(seen, kSlow), "active_requests"), Verdict::Good);
}

TEST(Doctor, AFailingCheckSaysWhy) {
  Observation seen = healthy();
  seen.readiness->ready = false;
  seen.readiness->checks[0] = {"database", "fails", "locked"};
  seen.readiness->checks[1] = {"llm_api", "degraded", "401"};
  const Report report = diagnose(seen, kEverything);
  EXPECT_EQ(verdict(report, "readiness"), Verdict::Bad);
  EXPECT_EQ(verdict(report, "llm_connectivity"), Verdict::Bad);
  const std::string text = render_text(report);
  EXPECT_NE(text.find("fails: locked"), std::string::npos);
  EXPECT_NE(text.find("do: docs/runbooks/LLMAPIErrors.md"), std::string::npos);
  seen.readiness->checks[1].status = "not configured";
  EXPECT_EQ(verdict(diagnose(seen, kLlm), "llm_connectivity"), Verdict::NotApplicable);
}

TEST(Doctor, AServiceThatIsNotReachedIsUnknownAndSaidOnce) {
  net::HttpClient client;
  const HttpSource service({.name = "the service", .url = "http://127.0.0.1:1"}, client);
  Observation seen = observe(service, std::chrono::milliseconds(1), {});
  seen.machine = {};  // however busy the one that runs this is
  const Report report = diagnose(seen, kEverything);
  EXPECT_EQ(report.verdict(), Verdict::Unknown);
  EXPECT_EQ(report.count(Verdict::Good), 0U);
  ASSERT_EQ(report.unreachable.size(), 1U);
}

}  // namespace
}  // namespace testgen::operations
