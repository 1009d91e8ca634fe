// How a delivery that fails is told.
#include "telemetry/export/delivery.h"

#include <atomic>
#include <thread>

#include "fixture.h"
#include "support/http_stub.h"

namespace testgen::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::http_answer;
using testing::HttpStub;
using testing::StubRequest;

Delivery deliver(const HttpStub& stub, const DeliveryTimes& times) {
  const testing::FakeClock clock;
  Deliverer deliverer(times, clock);
  net::HttpRequest request;
  request.method = "POST";
  request.url = stub.url("/");
  return deliverer.send(request, [](double) {});
}

std::string stall(const std::stop_token& stop) {
  while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
  return "";
}

TEST(Delivery, AnAttemptThatOnlyTheEndOfAllTimeCutsTellsWhatWasAnsweredBefore) {
  std::atomic<int> asked{0};
  const HttpStub stub([&asked](const StubRequest&, const std::stop_token& stop) {
    return asked++ == 0 ? http_answer(503) : stall(stop);
  });
  const Delivery delivery =
      deliver(stub, {.attempt = 60s, .total = 2s, .initial_backoff = 10ms, .max_backoff = 10ms});
  EXPECT_EQ(asked, 2);
  EXPECT_FALSE(delivery.taken);
  EXPECT_EQ(delivery.error_type, "unavailable");
  EXPECT_EQ(delivery.reason, "it answered 503");
}

TEST(Delivery, AnAttemptThatHadItsOwnTimeTimedOut) {
  std::atomic<int> asked{0};
  const HttpStub stub([&asked](const StubRequest&, const std::stop_token& stop) {
    return asked++ == 0 ? http_answer(503) : stall(stop);
  });
  const Delivery delivery =
      deliver(stub, {.attempt = 1s, .total = 60s, .initial_backoff = 10ms, .max_backoff = 10ms});
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(delivery.error_type, "timeout");
}

}  // namespace
}  // namespace testgen::telemetry
