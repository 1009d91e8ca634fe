#include "telemetry/export/otlp_span_exporter.h"

#include "base/gzip.h"
#include "fixture.h"
#include "support/http_stub.h"
#include "telemetry/export/export_options.h"
#include "telemetry/export/otlp_spans.h"
#include "telemetry/tracing/span_pool.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

class OtlpExporterTest : public MetricsFixture {
 protected:
  std::unique_ptr<SpanExporter> exporter(const HttpStub& stub) {
    target_.url = stub.url("/v1/traces");
    return std::make_unique<OtlpSpanExporter>(target_, batch_, Resource{{"service.name", "t"}},
                                              metrics_, *log_, clock_);
  }
  OtlpExporterTest() {
    batch_.delay = 1ms;
    target_.times.initial_backoff = 1ms;
    target_.times.max_backoff = 2ms;
  }
  static FinishedSpan span() {
    SpanRecord* record = SpanPool::take();
    record->context.trace_id.bytes.fill(1);
    record->context.span_id.bytes.fill(2);
    record->set_name("op");
    return FinishedSpan::first(record);
  }
  std::uint64_t exported(const char* error) {
    return metrics_.otel_span_exported_total.with(error).value();
  }
  std::uint64_t processed(const char* error) {
    return metrics_.otel_span_processed_total.with(error).value();
  }

  std::unique_ptr<Logger> log_ =
      std::move(*Logger::create({.destination = LogDestination::None}, metrics_, clock_));
  OtlpTarget target_;
  BatchOptions batch_;
};

TEST_F(OtlpExporterTest, SendsBatchesWhereTheSpecificationSays) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(200); });
  target_.headers = {{"api-key", "k"}};
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  ASSERT_TRUE(eventually([&] { return exported("") == 1; }));
  const StubRequest request = stub.requests().at(0);
  EXPECT_TRUE(request.head.starts_with("POST /v1/traces HTTP/1.1\r\n"));
  EXPECT_NE(request.head.find("\r\nContent-Type: application/x-protobuf\r\n"), std::string::npos);
  EXPECT_NE(request.head.find("\r\napi-key: k\r\n"), std::string::npos);
  EXPECT_EQ(request.body, encode_spans_protobuf(std::vector{span()}, {{"service.name", "t"}}));
  EXPECT_EQ(processed(""), 1U);
}

TEST_F(OtlpExporterTest, SpeaksJson) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(200, "{}"); });
  target_.protocol = OtlpProtocol::HttpJson;
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  ASSERT_TRUE(eventually([&] { return exported("") == 1; }));
  EXPECT_NE(stub.requests()[0].head.find("Content-Type: application/json"), std::string::npos);
  EXPECT_TRUE(stub.requests()[0].body.starts_with(R"({"resourceSpans":[)"));
}

TEST_F(OtlpExporterTest, RetriesWhatMayBeRetried) {
  for (const int status : {429, 502, 503, 504}) {
    std::atomic<int> calls{0};
    HttpStub stub([&](const StubRequest&, std::stop_token) {
      return ++calls < 3 ? http_answer(status) : http_answer(200);
    });
    const auto exporter = this->exporter(stub);
    const std::uint64_t before = exported("");
    exporter->export_span(span());
    EXPECT_TRUE(eventually([&] { return exported("") == before + 1; })) << status;
    EXPECT_EQ(calls, 3) << status;
  }
}

TEST_F(OtlpExporterTest, DropsWhatMustNotBeRetried) {
  std::uint64_t lost = 0;
  for (const int status : {400, 401, 404, 413, 500, 501}) {
    HttpStub stub([&](const StubRequest&, std::stop_token) { return http_answer(status); });
    const auto exporter = this->exporter(stub);
    exporter->export_span(span());
    EXPECT_TRUE(eventually([&] {
      return exported("rejected") + exported("too_large") == lost + 1;
    })) << status;
    ++lost;
    exporter->shutdown(in(5s));
    EXPECT_EQ(stub.requests().size(), 1U) << status;
  }
}

TEST_F(OtlpExporterTest, HonoursRetryAfter) {
  std::atomic<int> calls{0};
  std::array<std::atomic<std::int64_t>, 2> ticks{};
  HttpStub stub([&](const StubRequest&, std::stop_token) {
    const auto call = static_cast<std::size_t>(calls++);
    if (call < 2) ticks[call] = std::chrono::steady_clock::now().time_since_epoch().count();
    return call == 0 ? http_answer(503, "", "Retry-After: 1\r\n") : http_answer(200);
  });
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  ASSERT_TRUE(eventually([&] { return exported("") == 1; }));
  EXPECT_GE(std::chrono::steady_clock::duration(ticks[1] - ticks[0]), 990ms);
}

TEST_F(OtlpExporterTest, ARetryAfterBeyondTheDeadlineIsALoss) {
  HttpStub stub([](const StubRequest&, std::stop_token) {
    return http_answer(429, "", "Retry-After: 3600\r\n");
  });
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  EXPECT_TRUE(eventually([&] { return exported("unavailable") == 1; }));
  EXPECT_EQ(stub.requests().size(), 1U);
}

TEST_F(OtlpExporterTest, PartialSuccessIsCountedAndNotRetried) {
  ProtoWriter partial;
  partial.varint(1, 1);
  partial.bytes(2, "quota");
  ProtoWriter body;
  body.message(1, partial);
  const std::string answer = http_answer(200, body.take());
  HttpStub stub([&](const StubRequest&, std::stop_token) { return answer; });
  batch_.batch = 3;
  batch_.delay = 60s;  // the full batch is what triggers it
  const auto exporter = this->exporter(stub);
  for (int i = 0; i < 3; ++i) exporter->export_span(span());
  ASSERT_TRUE(eventually([&] { return exported("partial_success") == 1; }));
  EXPECT_EQ(exported(""), 2U);
  exporter->shutdown(in(5s));
  EXPECT_EQ(stub.requests().size(), 1U);
}

TEST_F(OtlpExporterTest, AReceiverThatRejectsMoreThanItGotIsNotBelieved) {
  target_.protocol = OtlpProtocol::HttpJson;
  HttpStub stub([&](const StubRequest&, std::stop_token) {
    return http_answer(200, R"({"partialSuccess":{"rejectedSpans":"1000000"}})");
  });
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  ASSERT_TRUE(eventually([&] { return exported("partial_success") == 1; }));
  EXPECT_EQ(exported(""), 0U);
}

TEST_F(OtlpExporterTest, AnAbsentReceiverBlocksNobodyAndEveryLossIsCounted) {
  std::string gone;
  {
    HttpStub stub([](const StubRequest&, std::stop_token) { return ""; });
    gone = stub.url("");
  }
  target_.url = gone;
  target_.times.total = 50ms;
  batch_.queue = 10;
  batch_.batch = 5;
  const auto exporter =
      std::make_unique<OtlpSpanExporter>(target_, batch_, Resource{}, metrics_, *log_, clock_);
  constexpr std::uint64_t kSpans = 5000;
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < kSpans; ++i) exporter->export_span(span());
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_GT(processed("queue_full"), 0U);
  exporter->shutdown(in(10s));
  exporter->export_span(span());
  const std::uint64_t lost = exported("unavailable") + exported("timeout");
  EXPECT_EQ(processed("") + processed("queue_full"), kSpans);
  EXPECT_EQ(lost, processed(""));
  EXPECT_EQ(processed("shutdown"), 1U);
  EXPECT_EQ(metrics_.otel_span_queue_size.value(), 0);
  EXPECT_EQ(metrics_.otel_span_inflight.value(), 0);
  // One line when it began to fail, not one for each batch.
  EXPECT_EQ(metrics_.log_lines_total.with("WARNING").value(), 1U);
}

TEST_F(OtlpExporterTest, ShutdownSendsWhatIsQueued) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(200); });
  batch_.delay = 60s;
  const auto exporter = this->exporter(stub);
  for (int i = 0; i < 7; ++i) exporter->export_span(span());
  // A queue that grows is seen while it grows, not when the next batch is taken.
  EXPECT_EQ(metrics_.otel_span_queue_size.value(), 7);
  exporter->shutdown(in(10s));
  EXPECT_EQ(exported(""), 7U);
  EXPECT_EQ(metrics_.otel_span_queue_size.value(), 0);
}

TEST_F(OtlpExporterTest, ShutdownKeepsItsDeadline) {
  HttpStub stub([](const StubRequest&, const std::stop_token& stop) {
    while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
    return "";
  });
  target_.times.attempt = target_.times.total = 60s;
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  ASSERT_TRUE(eventually([&] { return stub.requests().size() == 1; }));
  const auto start = std::chrono::steady_clock::now();
  exporter->shutdown(in(100ms));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  EXPECT_EQ(exported("shutdown"), 1U);
}

TEST_F(OtlpExporterTest, GarbageAnswersDoNoHarm) {
  std::atomic<int> calls{0};
  HttpStub stub([&](const StubRequest&, std::stop_token) -> std::string {
    switch (calls++) {
      case 0:
        return "HTTP/1.1 banana\r\n\r\n";
      case 1:
        return "";
      case 2:
        return http_answer(200, std::string(100, '\xff'));
      default:
        return http_answer(200);
    }
  });
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  EXPECT_TRUE(eventually([&] { return exported("") == 1; }));
}

TEST_F(OtlpExporterTest, CompressesWhenToldTo) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(200); });
  target_.gzip = true;
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  ASSERT_TRUE(eventually([&] { return exported("") == 1; }));
  const StubRequest request = stub.requests().at(0);
  EXPECT_NE(request.head.find("\r\nContent-Encoding: gzip\r\n"), std::string::npos);
  EXPECT_EQ(base::gunzip(request.body, 1 << 20).value_or("no gzip"),
            encode_spans_protobuf(std::vector{span()}, {{"service.name", "t"}}));
}

TEST_F(OtlpExporterTest, AnAnswerWithoutEndIsCutAndNotBelieved) {
  HttpStub stub([](const StubRequest&, std::stop_token) {
    return http_answer(200, std::string((4U << 20U) + 1, 'x'));
  });
  const auto exporter = this->exporter(stub);
  exporter->export_span(span());
  EXPECT_TRUE(eventually([&] { return exported("rejected") == 1; }));
  exporter->shutdown(in(5s));
  EXPECT_EQ(stub.requests().size(), 1U);
}

TEST(SignalUrl, IsBuiltAsTheSpecificationSays) {
  EXPECT_EQ(signal_url("http://c:4318", "traces"), "http://c:4318/v1/traces");
  EXPECT_EQ(signal_url("http://c:4318/", "logs"), "http://c:4318/v1/logs");
  EXPECT_EQ(signal_url("https://c/base", "metrics"), "https://c/base/v1/metrics");
  EXPECT_TRUE(check_url("https://c/base"));
  for (const char* url : {"", "c:4318", "grpc://c:4317", "http://", "http:///v1/traces"}) {
    EXPECT_EQ(check_url(url).error().code, base::ErrorCode::InvalidArgument) << url;
  }
}

}  // namespace
}  // namespace testgen::telemetry
