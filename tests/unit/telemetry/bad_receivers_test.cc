// Receivers of metrics that stall, lie, hang up or refuse: the work never waits for them, and what
// they do not take is counted. The OTLP exporters have tests of their own.
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "base/file_system.h"
#include "base/unique_fd.h"
#include "fixture.h"
#include "support/http_stub.h"
#include "telemetry/export/dogstatsd_exporter.h"
#include "telemetry/export/final_push.h"
#include "telemetry/export/new_relic_exporter.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

constexpr DeliveryTimes kHasty{
    .attempt = 100ms, .total = 300ms, .initial_backoff = 10ms, .max_backoff = 50ms};
// For those that do answer: a slow machine must not make a stall of it.
constexpr DeliveryTimes kPatient{
    .attempt = 600ms, .total = 600ms, .initial_backoff = 10ms, .max_backoff = 50ms};

struct Mood {
  const char* name;
  HttpStub::Handler handler;
  const char* error;  // as the loss is counted
  DeliveryTimes times = kPatient;
};

std::string stall(const StubRequest&, std::stop_token stop) {
  while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
  return "";
}

HttpStub::Handler always(std::string answer) {
  return
      [answer = std::move(answer)](const StubRequest&, const std::stop_token&) { return answer; };
}

std::vector<Mood> moods() {
  return {{"stalls", stall, "timeout", kHasty},
          {"hangs up", always(""), "unavailable"},
          {"speaks something else", always("banana\r\n\r\n"), "unavailable"},
          {"cuts its answer short", always("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"),
           "unavailable"},
          {"is away", always(http_answer(503)), "unavailable"},
          {"breaks", always(http_answer(500)), "rejected"},
          {"finds it too large", always(http_answer(413)), "too_large"}};
}

class BadReceiversTest : public MetricsFixture {
 protected:
  std::uint64_t pushed(const char* exporter, const char* error) {
    return metrics_.telemetry_pushed_total.with(exporter, error).value();
  }
  // Work while an exporter is busy with its receiver: it takes as long as ever.
  void work() {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 10'000; ++i) metrics_.cache_hits_total.add();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
  }
  std::unique_ptr<Logger> log_ =
      std::move(*Logger::create({.destination = LogDestination::None}, metrics_, clock_));
};

TEST_F(BadReceiversTest, NewRelic) {
  for (const Mood& mood : moods()) {
    HttpStub stub(mood.handler);
    const std::uint64_t before = pushed("new_relic", mood.error);
    NewRelicExporter exporter(
        {.key = "k", .url = stub.url("/"), .interval = 1ms, .times = mood.times}, {}, registry_,
        metrics_, *log_, clock_);
    work();
    EXPECT_TRUE(eventually([&] { return pushed("new_relic", mood.error) > before; })) << mood.name;
    const auto start = std::chrono::steady_clock::now();
    exporter.shutdown(in(100ms));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s) << mood.name;
  }
  EXPECT_EQ(pushed("new_relic", ""), 0U);
}

TEST_F(BadReceiversTest, Pushgateway) {
  for (const Mood& mood : moods()) {
    HttpStub stub(mood.handler);
    FinalPushOptions options{.pushgateway = stub.url(""), .times = mood.times};
    const std::uint64_t before = pushed("pushgateway", mood.error);
    const auto start = std::chrono::steady_clock::now();
    push_to_gateway(options, registry_, metrics_, *log_, clock_);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s) << mood.name;
    EXPECT_GT(pushed("pushgateway", mood.error), before) << mood.name;
  }
  EXPECT_EQ(pushed("pushgateway", ""), 0U);
}

class BadAgentsTest : public BadReceiversTest {
 protected:
  std::unique_ptr<DogStatsdExporter> exporter(const std::string& url) {
    return std::move(*DogStatsdExporter::create({.url = url, .tags = {}, .interval = 1ms},
                                                registry_, metrics_, *log_,
                                                [] { return Readiness{}; }));
  }
};

TEST_F(BadAgentsTest, AnAgentThatNeverReads) {
  const auto folder = *base::TempDir::create("dsd");
  const std::string path = folder.path() / "socket";
  const base::UniqueFd receiver(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path.c_str());
  ASSERT_EQ(::bind(receiver.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const auto sending = exporter("unix://" + path);
  work();
  EXPECT_TRUE(eventually([&] { return pushed("dogstatsd", "unavailable") > 0; }));
  const auto start = std::chrono::steady_clock::now();
  sending->shutdown(in(1s));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST_F(BadAgentsTest, NobodyAtAUdpPort) {
  std::uint16_t port = 0;
  {
    const HttpStub closed([](const StubRequest&, const std::stop_token&) { return ""; });
    port = static_cast<std::uint16_t>(closed.port());
  }
  const auto sending = exporter("udp://127.0.0.1:" + std::to_string(port));
  work();
  EXPECT_TRUE(eventually([&] { return pushed("dogstatsd", "unavailable") > 0; }));
}

}  // namespace
}  // namespace testgen::telemetry
