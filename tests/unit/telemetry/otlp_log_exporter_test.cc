#include "telemetry/export/otlp_log_exporter.h"

#include <map>
#include <nlohmann/json.hpp>

#include "fixture.h"
#include "support/http_stub.h"
#include "telemetry/export/otlp_logs.h"
#include "telemetry/logging/otel_record.h"
#include "telemetry/logging/redact.h"

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

// What a record says, once as protobuf and once as JSON.
class OtlpLogRecordTest : public ::testing::Test {
 protected:
  OtlpLogRecordTest() {
    context_.trace_id.bytes.fill(1);
    context_.span_id.bytes.fill(2);
    context_.flags = kFlagSampled;
  }
  SpanContext context_;
  const std::array<LogField, 7> fields_{{{"error", "used ghp_abcdefghijklmnopqrstuvwxyz0123456789"},
                                         {"api_key", "anything"},
                                         {"attempts", -3},
                                         {"bytes", 70'000U},
                                         {"share", 0.5},
                                         {"last", true},
                                         {"path", "caf\xE9"}}};
  const LogRecord record_{base::WallTime(1'700'000'000s), LogEvent::JobFailed, context_, fields_,
                          12};
};

TEST_F(OtlpLogRecordTest, ProtobufHoldsItCleanAndExact) {
  ProtoReader list(encode_log_record_protobuf(record_));
  const auto framed = list.next();
  ASSERT_TRUE(framed && framed->number == 2 && !list.next());
  const std::string_view bytes = framed->bytes;
  std::map<std::uint32_t, ProtoReader::Field> single;
  std::map<std::string, std::string> attributes;
  std::map<std::string, std::uint64_t> numbers;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number != 6) {
      single[field->number] = *field;
      continue;
    }
    ProtoReader pair(field->bytes);
    const auto key = pair.next();
    const auto value = pair.next();
    ASSERT_TRUE(key && value && !pair.next());
    ProtoReader any(value->bytes);
    const auto held = any.next();
    ASSERT_TRUE(held && !any.next());
    attributes[std::string(key->bytes)] = std::string(held->bytes);
    numbers[std::string(key->bytes)] = held->value;
  }
  EXPECT_EQ(single.at(1).value, 1'700'000'000'000'000'000U);
  EXPECT_EQ(single.at(2).value, severity_number(spec_of(LogEvent::JobFailed).level()));
  EXPECT_EQ(single.at(8).value, kFlagSampled);
  EXPECT_EQ(single.at(9).bytes, std::string(16, '\x01'));
  EXPECT_EQ(single.at(10).bytes, std::string(8, '\x02'));
  EXPECT_EQ(single.at(12).bytes, spec_of(LogEvent::JobFailed).name);
  EXPECT_EQ(attributes.size(), 8U);
  EXPECT_EQ(attributes["error"], "used [REDACTED]");
  EXPECT_EQ(attributes["api_key"], kRedacted);
  EXPECT_EQ(attributes["path"], "caf\xEF\xBF\xBD");
  EXPECT_EQ(static_cast<std::int64_t>(numbers["attempts"]), -3);
  EXPECT_EQ(numbers["bytes"], 70'000U);
  EXPECT_EQ(numbers["share"], std::bit_cast<std::uint64_t>(0.5));
  EXPECT_EQ(numbers["last"], 1U);
  EXPECT_EQ(numbers["suppressed"], 12U);
}

TEST_F(OtlpLogRecordTest, JsonHoldsTheSame) {
  const json record = json::parse(encode_log_record_json(record_).substr(1));
  EXPECT_EQ(record["attributes"], json::parse(R"([
    {"key":"error","value":{"stringValue":"used [REDACTED]"}},
    {"key":"api_key","value":{"stringValue":"[REDACTED]"}},
    {"key":"attempts","value":{"intValue":"-3"}},
    {"key":"bytes","value":{"intValue":"70000"}},
    {"key":"share","value":{"doubleValue":0.5}},
    {"key":"last","value":{"boolValue":true}},
    {"key":"path","value":{"stringValue":"caf\uFFFD"}},
    {"key":"suppressed","value":{"intValue":"12"}}])"));
  EXPECT_EQ(record["eventName"], spec_of(LogEvent::JobFailed).name);
}

TEST_F(OtlpLogExporterTest, AFullQueueRefusesAndCounts) {
  HttpStub stub([](const StubRequest&, std::stop_token stop) {
    while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
    return http_answer(200);
  });
  target_.url = stub.url("/v1/logs");
  batch_.queue = batch_.batch = 2;
  OtlpLogExporter exporter(target_, batch_, {}, metrics_, *log_, clock_);
  log_->forward_to(&exporter);
  // The receiver holds at most one batch and the queue another.
  for (int i = 0; i < 10; ++i) log_->write(LogEvent::JobGivenUp, {{"job_id", "a"}});
  log_->forward_to(nullptr);
  EXPECT_GE(metrics_.otel_log_processed_total.with("queue_full").value(), 6U);
  exporter.shutdown(in(0s));
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
