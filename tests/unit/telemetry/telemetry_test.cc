#include "telemetry/telemetry.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/file_system.h"
#include "base/process.h"
#include "fixture.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;

constexpr const char* kOpenMetricsAccept = "application/openmetrics-text;version=1.0.0";

bool has_line(const std::string& page, const std::string& line) {
  return page.find("\n" + line + "\n") != std::string::npos;
}

// Runs a checker with the page as its standard input; its exit code, or nothing when the
// machine lacks the tool.
std::optional<int> run_checker(std::vector<std::string> argv, const std::string& page,
                               std::string& output) {
  if (argv[0][0] != '/' && !base::find_executable(argv[0])) return std::nullopt;
  const auto dir = base::TempDir::create("checker");
  EXPECT_TRUE(base::write_file_atomic(dir->path() / "page", page));
  const base::UniqueFd input(::open((dir->path() / "page").c_str(), O_RDONLY | O_CLOEXEC));
  auto pipe = *base::make_pipe();
  auto child = base::spawn(
      {.argv = std::move(argv),
       .environment = {"PATH=/usr/bin:/bin"},
       .descriptors = {{0, input.get()}, {1, pipe.write_end.get()}, {2, pipe.write_end.get()}}});
  EXPECT_TRUE(child);
  pipe.write_end.reset();
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(pipe.read_end.get(), buffer, sizeof buffer)) > 0;) {
    output.append(buffer, static_cast<std::size_t>(got));
  }
  const auto status = child->wait_until(in(30s));
  EXPECT_TRUE(status);
  return status->exit_code;
}

class TelemetryTest : public ::testing::Test {
 protected:
  TelemetryTest() {
    TelemetryOptions options = TelemetryOptions::quiet();
    options.version = "1.2.3";
    telemetry_ = std::move(*Telemetry::create(options, clock_));
    telemetry_->metrics().expose_route("POST", "/v1/generate");
  }
  // Some of everything, so that the checkers see every kind of line.
  void work() {
    Span span = telemetry_->tracer().start("POST /v1/generate", SpanKind::Server);
    telemetry_->request_answered({.method = "POST",
                                  .endpoint = "/v1/generate",
                                  .status = 202,
                                  .duration = 30ms,
                                  .request_bytes = 100,
                                  .response_bytes = 20},
                                 span.context());
    telemetry_->request_answered(
        {.method = "POST", .endpoint = "/v1/generate", .status = 500, .duration = 3s},
        span.context());
    telemetry_->count_error({base::ErrorCode::Timeout, "m", ""}, "http");
    telemetry_->metrics().generation_duration_seconds.with("python").observe(7, span.context());
    telemetry_->metrics().tests_generated_total.with("python").add(5, span.context());
    for (int i = 0; i < 100; ++i) telemetry_->metrics().tests_generated_total.with(i).add();
    telemetry_->set_debug_metrics(true);
  }
  testing::FakeClock clock_;
  std::unique_ptr<Telemetry> telemetry_;
};

TEST_F(TelemetryTest, StartsAtZeroAndWell) {
  const auto scrape = telemetry_->scrape("");
  EXPECT_EQ(scrape.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_TRUE(has_line(scrape.body, "testgen_sla_availability_percent 100"));
  EXPECT_TRUE(has_line(scrape.body, "testgen_sla_error_rate_percent 0"));
  EXPECT_TRUE(has_line(scrape.body, R"(testgen_tests_generated_total{language="python"} 0)"));
  EXPECT_TRUE(has_line(scrape.body, R"(testgen_build_info{version="1.2.3"} 1)"));
  EXPECT_EQ(scrape.body.find("testgen_request_size_bytes"), std::string::npos);
}

TEST_F(TelemetryTest, AnAnsweredRequestMovesItsMetricsAndObjectives) {
  work();
  const std::string page = telemetry_->scrape("").body;
  EXPECT_TRUE(has_line(
      page, R"(testgen_requests_total{method="POST",endpoint="/v1/generate",status="202"} 1)"));
  EXPECT_TRUE(has_line(
      page, R"(testgen_requests_total{method="POST",endpoint="/v1/generate",status="500"} 1)"));
  EXPECT_TRUE(has_line(page, "testgen_request_duration_seconds_count 2"));
  EXPECT_TRUE(has_line(page, R"(testgen_request_duration_seconds_bucket{le="2.0"} 1)"));
  EXPECT_TRUE(has_line(page, "testgen_sla_error_rate_percent 50"));
  EXPECT_TRUE(has_line(page, R"(testgen_errors_total{type="timeout",component="http"} 1)"));
  EXPECT_TRUE(has_line(page, "testgen_request_size_bytes_count 2"));
  EXPECT_TRUE(has_line(page, "testgen_trace_ring_spans 1"));
  EXPECT_TRUE(has_line(
      page,
      R"(testgen_telemetry_series_rejected_total{family="testgen_tests_generated_total"} 81)"));
}

TEST_F(TelemetryTest, ExemplarsLeadToTheTrace) {
  work();
  const auto span = telemetry_->tracer().ring().recent_roots(1).at(0);
  const auto scrape = telemetry_->scrape(kOpenMetricsAccept);
  EXPECT_EQ(scrape.content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_NE(
      scrape.body.find("testgen_request_duration_seconds_bucket{le=\"5.0\"} 2 # {trace_id=\"" +
                       span->context.trace_id.hex() + "\""),
      std::string::npos);
}

TEST_F(TelemetryTest, PromtoolAcceptsTheTextFormat) {
  work();
  std::string output;
  const auto exit_code =
      run_checker({"promtool", "check", "metrics"}, telemetry_->scrape("").body, output);
  if (!exit_code) GTEST_SKIP() << "promtool is not installed (Debian package: prometheus)";
  EXPECT_EQ(*exit_code, 0) << output;
  EXPECT_EQ(output, "");
}

TEST_F(TelemetryTest, TheStrictParserAcceptsOpenMetrics) {
  work();
  std::string output;
  const auto exit_code =
      run_checker({"/usr/bin/python3", "-c",
                   "import sys\n"
                   "try:\n"
                   "  from prometheus_client.openmetrics import parser\n"
                   "except ImportError:\n"
                   "  sys.exit(77)\n"
                   "families = list(parser.text_string_to_metric_families(sys.stdin.read()))\n"
                   "exemplars = sum(1 for f in families for s in f.samples if s.exemplar)\n"
                   "print(len(families), exemplars)\n"},
                  telemetry_->scrape(kOpenMetricsAccept).body, output);
  ASSERT_TRUE(exit_code);
  if (*exit_code == 77) GTEST_SKIP() << "Debian's python3-prometheus-client is not installed";
  EXPECT_EQ(*exit_code, 0) << output;
  const auto rows = catalogue();
  const auto shown = std::count_if(rows.begin(), rows.end(),
                                   [](const auto& row) { return row.landed || row.fixed; });
  EXPECT_EQ(output, std::to_string(shown) + " 4\n");
}

TEST_F(TelemetryTest, ShutdownIsQuickAndMayComeTwice) {
  telemetry_->health().add_check({.name = "database"},
                                 [](base::SteadyTime) { return CheckResult{}; });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(telemetry_->shutdown(in(5s)));
  EXPECT_TRUE(telemetry_->shutdown(in(5s)));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
  telemetry_->log().write(LogEvent::ServiceStopped);  // harmless
  EXPECT_FALSE(telemetry_->scrape("").body.empty());
}

TEST(TelemetryCreate, RefusesWhatCannotWork) {
  testing::FakeClock clock;
  TelemetryOptions bad_file;
  bad_file.logging.destination = LogDestination::File;
  bad_file.logging.file.path = "/no/such/folder/app.log";
  EXPECT_EQ(Telemetry::create(bad_file, clock).error().code, base::ErrorCode::NotFound);
  TelemetryOptions bad_endpoint = TelemetryOptions::quiet();
  bad_endpoint.exports.traces.url = "collector:4317";
  EXPECT_EQ(Telemetry::create(bad_endpoint, clock).error().code, base::ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace testgen::telemetry
