#include "app/telemetry_options.h"

#include <gtest/gtest.h>

#include "config/resolve.h"

namespace testgen::app {
namespace {

using namespace std::chrono_literals;

class TelemetryOptionsTest : public ::testing::Test {
 protected:
  telemetry::TelemetryOptions options(std::map<std::string, std::string> variables) {
    config::Sources sources;
    sources.variable = [variables](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(std::string(name));
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    auto resolved = config::resolve(sources);
    EXPECT_TRUE(resolved);
    ignored_ = resolved->settings.ignored;
    return telemetry_options(resolved->settings);
  }
  std::vector<std::string> ignored_;
};

TEST_F(TelemetryOptionsTest, NothingIsSentUnlessAsked) {
  const auto options = this->options({});
  EXPECT_EQ(options.exports.traces.url, "");
  EXPECT_EQ(options.exports.metrics.url, "");
  EXPECT_EQ(options.exports.logs.url, "");
  EXPECT_EQ(options.exports.dogstatsd.url, "");
  EXPECT_TRUE(options.tracing.enabled);
}

TEST_F(TelemetryOptionsTest, TheDefaultsAreOpenTelemetrys) {
  const auto exports = options({}).exports;
  EXPECT_EQ(exports.span_batch.delay, 5000ms);
  EXPECT_EQ(exports.span_batch.queue, 2048U);
  EXPECT_EQ(exports.span_batch.batch, 512U);
  EXPECT_EQ(exports.log_batch.delay, 1000ms);
  EXPECT_EQ(exports.metric_interval, 60s);
  EXPECT_EQ(exports.traces.times.attempt, 10s);
  EXPECT_EQ(exports.traces.times.total, 30s);
  EXPECT_EQ(exports.traces.protocol, telemetry::OtlpProtocol::HttpProtobuf);
  EXPECT_FALSE(exports.traces.gzip);
  EXPECT_EQ(exports.metric_encoding.temporality, telemetry::Temporality::Cumulative);
}

TEST_F(TelemetryOptionsTest, ABaseGetsPathsAndASignalsOwnUrlDoesNot) {
  const auto exports = options({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/base/"},
                                {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://l/own"}})
                           .exports;
  EXPECT_EQ(exports.traces.url, "http://c:4318/base/v1/traces");
  EXPECT_EQ(exports.metrics.url, "http://c:4318/base/v1/metrics");
  EXPECT_EQ(exports.logs.url, "http://l/own");
}

TEST_F(TelemetryOptionsTest, ExportersAreChosen) {
  const auto exports = options({{"OTEL_TRACES_EXPORTER", "otlp"},
                                {"OTEL_LOGS_EXPORTER", "none"},
                                {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://l"}})
                           .exports;
  EXPECT_EQ(exports.traces.url, "http://localhost:4318/v1/traces");
  EXPECT_EQ(exports.metrics.url, "");
  EXPECT_EQ(exports.logs.url, "");
}

TEST_F(TelemetryOptionsTest, ASignalsOwnWordsWin) {
  const auto exports = options({{"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"},
                                {"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"},
                                {"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"},
                                {"OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "none"},
                                {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b,x=1"},
                                {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", "y=2"},
                                {"OTEL_EXPORTER_OTLP_TIMEOUT", "1500"},
                                {"OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "60000"},
                                {"OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem"},
                                {"OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", "/own.pem"}})
                           .exports;
  EXPECT_EQ(exports.traces.protocol, telemetry::OtlpProtocol::HttpProtobuf);
  EXPECT_EQ(exports.metrics.protocol, telemetry::OtlpProtocol::HttpJson);
  EXPECT_TRUE(exports.traces.gzip);
  EXPECT_FALSE(exports.metrics.gzip);
  EXPECT_EQ(exports.traces.headers, (net::Headers{{"api-key", "a b"}, {"x", "1"}}));
  EXPECT_EQ(exports.logs.headers, (net::Headers{{"y", "2"}}));
  EXPECT_EQ(exports.traces.times.attempt, 1500ms);
  EXPECT_EQ(exports.logs.times.attempt, 60s);
  EXPECT_EQ(exports.logs.times.total, 60s);
  EXPECT_EQ(exports.traces.tls.authorities, "/ca.pem");
  EXPECT_EQ(exports.metrics.tls.authorities, "/own.pem");
}

TEST_F(TelemetryOptionsTest, ResourceSamplerAndTemporality) {
  const auto options =
      this->options({{"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=prod,service.name=other"},
                     {"OTEL_SERVICE_NAME", "mine"},
                     {"OTEL_TRACES_SAMPLER", "traceidratio"},
                     {"OTEL_TRACES_SAMPLER_ARG", "0.25"},
                     {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "lowmemory"},
                     {"OTEL_BSP_SCHEDULE_DELAY", "250"},
                     {"DD_TAGS", "env:prod team:qa,x:y"}});
  EXPECT_EQ(options.service_name, "mine");
  EXPECT_EQ(options.exports.resource, (telemetry::Resource{{"deployment.environment", "prod"}}));
  EXPECT_EQ(options.tracing.sampler.ratio, 0.25);
  EXPECT_FALSE(options.tracing.sampler.parent_based);
  EXPECT_EQ(options.exports.metric_encoding.temporality, telemetry::Temporality::LowMemory);
  EXPECT_EQ(options.exports.span_batch.delay, 250ms);
  EXPECT_EQ(options.exports.dogstatsd.tags,
            (std::vector<std::string>{"env:prod", "team:qa", "x:y"}));
}

TEST_F(TelemetryOptionsTest, PropagatorsAreChosen) {
  EXPECT_EQ(options({}).tracing.propagators, (telemetry::Propagators{true, true}));
  EXPECT_EQ(options({{"OTEL_PROPAGATORS", "tracecontext"}}).tracing.propagators,
            (telemetry::Propagators{true, false}));
  EXPECT_EQ(options({{"OTEL_PROPAGATORS", "none"}}).tracing.propagators,
            (telemetry::Propagators{false, false}));
  EXPECT_EQ(options({{"OTEL_PROPAGATORS", "b3"}}).tracing.propagators,
            (telemetry::Propagators{true, true}));
  EXPECT_EQ(ignored_.size(), 1U);
}

TEST_F(TelemetryOptionsTest, ASpansOwnLimitsWin) {
  const auto usual = options({}).tracing.limits;
  EXPECT_EQ(usual.attributes, 128U);
  EXPECT_EQ(usual.events, 128U);
  EXPECT_EQ(usual.event_attributes, 128U);
  EXPECT_EQ(usual.text_bytes, 4095U);
  const auto general = options({{"OTEL_ATTRIBUTE_COUNT_LIMIT", "20"},
                                {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "100"},
                                {"OTEL_SPAN_EVENT_COUNT_LIMIT", "7"}})
                           .tracing.limits;
  EXPECT_EQ(general.attributes, 20U);
  EXPECT_EQ(general.event_attributes, 20U);
  EXPECT_EQ(general.text_bytes, 100U);
  EXPECT_EQ(general.events, 7U);
  const auto own = options({{"OTEL_ATTRIBUTE_COUNT_LIMIT", "20"},
                            {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "30"},
                            {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "2"},
                            {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "100"},
                            {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "200"}})
                       .tracing.limits;
  EXPECT_EQ(own.attributes, 30U);
  EXPECT_EQ(own.event_attributes, 2U);
  EXPECT_EQ(own.text_bytes, 200U);
}

TEST_F(TelemetryOptionsTest, MemoryAndSeriesHaveLimits) {
  EXPECT_EQ(options({}).tracing.ring_bytes, 32U << 20U);
  EXPECT_EQ(options({}).series_limit, UINT32_MAX);
  const auto small =
      options({{"TESTGEN_TRACE_MEMORY", "1MiB"}, {"TESTGEN_METRIC_SERIES_LIMIT", "30"}});
  EXPECT_EQ(small.tracing.ring_bytes, 1U << 20U);
  EXPECT_EQ(small.series_limit, 30U);
}

TEST_F(TelemetryOptionsTest, TheSdkCanBeSwitchedOff) {
  const auto options = this->options(
      {{"OTEL_SDK_DISABLED", "true"}, {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"}});
  EXPECT_FALSE(options.tracing.enabled);
  EXPECT_EQ(options.exports.traces.url, "");
}

// OpenTelemetry's variables are for every program of the machine: what is not meant for this
// one is ignored, with a warning.
TEST_F(TelemetryOptionsTest, UnknownValuesAreIgnoredWithAWarning) {
  const auto options = this->options({{"OTEL_TRACES_EXPORTER", "zipkin"},
                                      {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
                                      {"OTEL_TRACES_SAMPLER", "jaeger_remote"},
                                      {"OTEL_BSP_MAX_QUEUE_SIZE", "-1"}});
  EXPECT_EQ(options.exports.traces.url, "");
  EXPECT_EQ(options.exports.traces.protocol, telemetry::OtlpProtocol::HttpProtobuf);
  EXPECT_EQ(options.exports.span_batch.queue, 2048U);
  ASSERT_EQ(ignored_.size(), 4U);
  EXPECT_NE(ignored_[0].find("OTEL_EXPORTER_OTLP_PROTOCOL: \"grpc\""), std::string::npos)
      << ignored_[0];
}

}  // namespace
}  // namespace testgen::app
