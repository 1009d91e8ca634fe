#include "telemetry/export/final_push.h"

#include "base/file_system.h"
#include "fixture.h"
#include "support/http_stub.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

class FinalPushTest : public MetricsFixture {
 protected:
  std::uint64_t pushed(const char* exporter, const char* error) {
    return metrics_.telemetry_pushed_total.with(exporter, error).value();
  }
  std::unique_ptr<Logger> log_ =
      std::move(*Logger::create({.destination = LogDestination::None}, metrics_, clock_));
};

TEST_F(FinalPushTest, TheTextfileHasOurMetricsAndNotNodeExportersOwn) {
  const auto folder = *base::TempDir::create("prom");
  metrics_.cache_hits_total.add(3);
  FinalPushOptions options;
  options.textfile = folder.path() / "testgen.prom";
  ASSERT_TRUE(write_textfile(options, registry_, metrics_));
  const std::string page = *base::read_file(options.textfile, 1 << 24);
  EXPECT_NE(page.find("\ntestgen_cache_hits_total 3\n"), std::string::npos);
  EXPECT_EQ(page.find("\nprocess_"), std::string::npos);
  EXPECT_EQ(page.find("# TYPE process_"), std::string::npos);
  EXPECT_GT(pushed("textfile", ""), 0U);
}

TEST_F(FinalPushTest, ATextfileThatCannotBeWrittenIsAnErrorAndCounted) {
  FinalPushOptions options;
  options.textfile = "/proc/no/testgen.prom";
  EXPECT_FALSE(write_textfile(options, registry_, metrics_));
  EXPECT_GT(pushed("textfile", "unavailable"), 0U);
}

TEST_F(FinalPushTest, TheGatewayGetsAGroupOfItsOwn) {
  HttpStub stub([](const StubRequest&, std::stop_token) { return http_answer(200); });
  FinalPushOptions options;
  options.pushgateway = stub.url("");
  push_to_gateway(options, registry_, metrics_, *log_, clock_);
  const StubRequest request = stub.requests().at(0);
  EXPECT_TRUE(request.head.starts_with("PUT /metrics/job/testgen/instance")) << request.head;
  EXPECT_NE(request.body.find("# TYPE testgen_cache_hits_total counter\n"), std::string::npos);
  EXPECT_GT(pushed("pushgateway", ""), 0U);
}

TEST_F(FinalPushTest, AnAbsentGatewayIsCounted) {
  FinalPushOptions options;
  {
    HttpStub stub([](const StubRequest&, std::stop_token) { return ""; });
    options.pushgateway = stub.url("");
  }
  options.times.total = 100ms;
  push_to_gateway(options, registry_, metrics_, *log_, clock_);
  EXPECT_GT(pushed("pushgateway", "unavailable"), 0U);
}

TEST(GatewayUrl, EscapesAsThePushgatewayReads) {
  EXPECT_EQ(gateway_url("http://p:9091/", "testgen", "host-1.example"),
            "http://p:9091/metrics/job/testgen/instance/host-1.example");
  EXPECT_EQ(gateway_url("http://p", "a/b", ""),
            "http://p/metrics/job@base64/YS9i/instance@base64/=");
  EXPECT_EQ(gateway_url("http://p", "a/", "b c"),
            "http://p/metrics/job@base64/YS8=/instance@base64/YiBj");
}

}  // namespace
}  // namespace testgen::telemetry
