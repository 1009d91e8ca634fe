#include "telemetry/export/otlp_log_exporter.h"

#include <nlohmann/json.hpp>

#include "fixture.h"
#include "support/http_stub.h"
#include "telemetry/export/otlp_logs.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

class OtlpLogExporterTest : public MetricsFixture {
 protected:
  OtlpLogExporterTest() {
    target_.protocol = OtlpProtocol::HttpJson;
    target_.times.initial_backoff = target_.times.max_backoff = 1ms;
    batch_.delay = 1ms;
  }
  std::unique_ptr<Logger> log_ =
      std::move(*Logger::create({.destination = LogDestination::None}, metrics_, clock_));
  OtlpTarget target_;
  BatchOptions batch_;
};

TEST_F(OtlpLogExporterTest, RecordsCarryEventLevelAndTrace) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(200); });
  target_.url = stub.url("/v1/logs");
  OtlpLogExporter exporter(target_, batch_, {}, metrics_, *log_, clock_);
  log_->forward_to(&exporter);
  SpanContext context;
  context.trace_id.bytes.fill(1);
  context.span_id.bytes.fill(2);
  context.flags = kFlagSampled;
  log_->write(LogEvent::JobGivenUp, context, {{"job_id", "a"}});
  ASSERT_TRUE(eventually([&] { return metrics_.otel_log_exported_total.with("").value() == 1; }));
  log_->forward_to(nullptr);
  exporter.shutdown(in(5s));
  const json record =
      json::parse(stub.requests().at(0).body)["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
  EXPECT_EQ(record["severityNumber"], 17);
  EXPECT_EQ(record["severityText"], "ERROR");
  EXPECT_EQ(record["eventName"], "job_given_up");
  EXPECT_EQ(record["body"]["stringValue"], spec_of(LogEvent::JobGivenUp).message);
  EXPECT_EQ(record["timeUnixNano"], "1700000000000000000");
  EXPECT_EQ(record["traceId"], "01010101010101010101010101010101");
  EXPECT_EQ(record["spanId"], "0202020202020202");
  EXPECT_EQ(record["flags"], 1);
  EXPECT_EQ(record["attributes"], json::parse(R"([{"key":"job_id","value":{"stringValue":"a"}}])"));
}

TEST_F(OtlpLogExporterTest, AnAbsentReceiverDoesNotMakeTheLogCircle) {
  {
    HttpStub stub([](const StubRequest&, std::stop_token) { return ""; });
    target_.url = stub.url("/v1/logs");
  }
  target_.times.total = 20ms;
  OtlpLogExporter exporter(target_, batch_, {}, metrics_, *log_, clock_);
  log_->forward_to(&exporter);
  for (int i = 0; i < 3; ++i) log_->write(LogEvent::JobGivenUp, {{"job_id", "a"}});
  const auto lost = [&] {
    return metrics_.otel_log_exported_total.with("unavailable").value() +
           metrics_.otel_log_exported_total.with("timeout").value();
  };
  // The three, and the one line that says that they were lost.
  EXPECT_TRUE(eventually([&] { return lost() == 4; }));
  log_->forward_to(nullptr);
  exporter.shutdown(in(5s));
  EXPECT_EQ(lost(), 4U);
  EXPECT_EQ(metrics_.otel_log_queue_size.value(), 0);
}

}  // namespace
}  // namespace testgen::telemetry
