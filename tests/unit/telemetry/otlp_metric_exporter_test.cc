#include "telemetry/export/otlp_metric_exporter.h"

#include "fixture.h"
#include "support/http_stub.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

class OtlpMetricExporterTest : public MetricsFixture {
 protected:
  std::unique_ptr<OtlpMetricExporter> exporter(const HttpStub& stub, Temporality temporality,
                                               std::chrono::milliseconds interval) {
    OtlpTarget target;
    target.url = stub.url("/v1/metrics");
    target.protocol = OtlpProtocol::HttpJson;
    target.times.initial_backoff = target.times.max_backoff = 1ms;
    return std::make_unique<OtlpMetricExporter>(target, MetricEncoding{temporality, false},
                                                interval, Resource{}, registry_, metrics_, *log_,
                                                clock_);
  }
  std::uint64_t exported(const char* error) {
    return metrics_.otel_data_point_exported_total.with(error).value();
  }
  std::unique_ptr<Logger> log_ =
      std::move(*Logger::create({.destination = LogDestination::None}, metrics_, clock_));
};

TEST_F(OtlpMetricExporterTest, SendsAtItsIntervalAndALastTime) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(200); });
  metrics_.cache_hits_total.add(7);
  const auto exporter = this->exporter(stub, Temporality::Cumulative, 5ms);
  ASSERT_TRUE(eventually([&] { return stub.requests().size() >= 2; }));
  exporter->shutdown(in(10s));
  EXPECT_GT(exported(""), 0U);
  EXPECT_EQ(metrics_.otel_data_point_inflight.value(), 0);
  for (const StubRequest& request : stub.requests()) {  // totals, each time
    EXPECT_NE(request.body.find(R"("name":"testgen_cache_hits_total")"), std::string::npos);
    EXPECT_NE(request.body.find(R"("asInt":"7")"), std::string::npos);
  }
}

TEST_F(OtlpMetricExporterTest, ADeltaIsSentOnce) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(200); });
  metrics_.cache_hits_total.add(7);
  const auto exporter = this->exporter(stub, Temporality::Delta, 5ms);
  ASSERT_TRUE(eventually([&] { return stub.requests().size() >= 3; }));
  exporter->shutdown(in(10s));
  int said = 0;
  for (const StubRequest& request : stub.requests()) {
    if (request.body.find("\"testgen_cache_hits_total\"") != std::string::npos) ++said;
  }
  EXPECT_EQ(said, 1);
}

TEST_F(OtlpMetricExporterTest, WhatIsRefusedIsCounted) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(400); });
  const auto exporter = this->exporter(stub, Temporality::Cumulative, 1h);
  exporter->shutdown(in(10s));
  EXPECT_GT(exported("rejected"), 0U);
  EXPECT_EQ(exported(""), 0U);
}

}  // namespace
}  // namespace testgen::telemetry
