#include "engine/llm/client.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/file_system.h"
#include "base/random.h"
#include "support/fake_provider.h"

namespace testgen::llm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::fails;
using testing::FakeClock;
using testing::FakePause;
using testing::FakeProvider;
using testing::says;

struct Watch final : CallWatch {
  std::vector<int> retries;
  std::vector<std::string> fallbacks;
  std::vector<std::pair<std::string, std::string>> begin(const Attempt& attempt) override {
    retries.push_back(attempt.retry_count);
    return {{"traceparent", "attempt " + std::to_string(attempt.retry_count)}};
  }
  void falls_back(const ProviderPlace& from) override { fallbacks.push_back(from.name); }
};

struct Bench {
  FakeClock clock;
  FakePause pause{clock};
  Spending spending{{}, std::nullopt};
  ReplyStore store{StoreMode::Off, {}, {}};
  Watch watch;

  base::Result<Answer> ask(ModelClient& client) {
    ChatRequest request;
    request.messages = {{Role::User, "hello"}};
    return client.complete(request, watch, {});
  }
  ModelClient client(std::vector<ModelChoice> chain, ClientOptions options = {}) {
    return ModelClient(std::move(chain), options, spending, store, clock, pause);
  }
};

std::shared_ptr<FakeProvider> failing_times(int times, CallOutcome how) {
  return std::make_shared<FakeProvider>("a", [times, how, calls = 0](const ChatRequest&) mutable {
    return calls++ < times ? how : says("yes");
  });
}

TEST(ModelClient, AServerWithoutToolsIsAskedWithoutThem) {
  Bench bench;
  auto provider = std::make_shared<FakeProvider>("a", [](const ChatRequest& request) {
    if (request.tools.empty()) return says("yes");
    CallOutcome out = fails(FailureKind::Other, false);
    out.failure->status = 400;
    out.failure->message = "HTTP 400: registry/gemma does not support tools";
    return out;
  });
  ModelClient client = bench.client({{provider, "m", Price{}}}, {.retry = {.retries = 0}});
  ChatRequest request;
  request.messages = {{Role::User, "hello"}};
  request.tools = {{"look_up", "", "symbol", ""}};
  EXPECT_TRUE(client.complete(request, bench.watch, {}).has_value());
  EXPECT_TRUE(client.complete(request, bench.watch, {}).has_value());
  EXPECT_EQ(provider->asked().size(), 3U) << "it is remembered";
}

TEST(ModelClient, RepeatsWhatFailsForAPassingReason) {
  Bench bench;
  auto provider = failing_times(3, fails(FailureKind::Unavailable));
  ModelClient client = bench.client({{provider, "m", Price{}}});
  const auto answer = bench.ask(client);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->reply.text, "yes");
  EXPECT_EQ(bench.watch.retries, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(bench.pause.waits().size(), 3U);
}

// Each attempt is a span of its own, and what the provider says of it belongs below that one.
TEST(ModelClient, EachAttemptCarriesTheHeadersOfItsWatch) {
  Bench bench;
  auto provider = failing_times(1, fails(FailureKind::Unavailable));
  ModelClient client = bench.client({{provider, "m", Price{}}});
  ASSERT_TRUE(bench.ask(client).has_value());
  const auto asked = provider->asked();
  ASSERT_EQ(asked.size(), 2U);
  using Headers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(asked[0].headers, (Headers{{"traceparent", "attempt 0"}}));
  EXPECT_EQ(asked[1].headers, (Headers{{"traceparent", "attempt 1"}}));
}

TEST(ModelClient, DoesNotRepeatWhatWillFailAgain) {
  Bench bench;
  auto provider = failing_times(1, fails(FailureKind::Authentication, false));
  ModelClient client = bench.client({{provider, "m", Price{}}});
  const auto answer = bench.ask(client);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, base::ErrorCode::Unauthenticated);
  EXPECT_EQ(provider->asked().size(), 1U);
}

TEST(ModelClient, WaitsAsLongAsTheProviderAsks) {
  Bench bench;
  CallOutcome limited = fails(FailureKind::RateLimited);
  limited.failure->retry_after = seconds(20);
  auto provider = failing_times(1, limited);
  ModelClient client = bench.client({{provider, "m", Price{}}});
  ASSERT_TRUE(bench.ask(client).has_value());
  ASSERT_EQ(bench.pause.waits().size(), 1U);
  EXPECT_EQ(bench.pause.waits()[0], seconds(20));
}

TEST(ModelClient, FallsBackInOrder) {
  Bench bench;
  auto bad = failing_times(100, fails(FailureKind::Other, false));
  auto good = std::make_shared<FakeProvider>("b", [](const ChatRequest&) { return says("b"); });
  ModelClient client = bench.client({{bad, "m", Price{}}, {good, "n", Price{}}});
  const auto answer = bench.ask(client);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->provider, "b");
  EXPECT_EQ(good->asked()[0].model, "n");
  EXPECT_EQ(bench.watch.fallbacks, std::vector<std::string>{"a"});
}

TEST(ModelClient, StopsCallingWhatKeepsFailingAndTriesAgainLater) {
  Bench bench;
  auto provider = failing_times(5, fails(FailureKind::Unavailable));
  ClientOptions options;
  options.retry.retries = 0;
  ModelClient client = bench.client({{provider, "m", Price{}}}, options);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(bench.ask(client).has_value());
  EXPECT_EQ(provider->asked().size(), 5U) << "the circuit opened";
  EXPECT_FALSE(client.seems_well(0));
  bench.clock.advance(seconds(31));
  EXPECT_TRUE(client.seems_well(0)) << "nobody asks meanwhile: it may not seem ill for ever";
  EXPECT_TRUE(bench.ask(client).has_value());
  EXPECT_TRUE(client.seems_well(0));
}

TEST(ModelClient, StoppingIsNobodysFault) {
  Bench bench;
  std::stop_source stop;
  auto provider = std::make_shared<FakeProvider>("a", [&](const ChatRequest&) {
    stop.request_stop();
    CallOutcome out = fails(FailureKind::Other, false);
    out.failure->cancelled = true;
    return out;
  });
  ModelClient client = bench.client({{provider, "m", Price{}}, {provider, "n", Price{}}});
  ChatRequest request;
  request.messages = {{Role::User, "hello"}};
  const auto answer = client.complete(request, bench.watch, stop.get_token());
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, base::ErrorCode::Cancelled);
  EXPECT_EQ(provider->asked().size(), 1U);
}

TEST(ModelClient, ABrokenStreamKeepsItsReservation) {
  FakeClock clock;
  FakePause pause(clock);
  Spending spending({.run_tokens = 10'000}, std::nullopt);
  const ReplyStore store(StoreMode::Off, {}, {});
  Watch watch;
  auto provider = failing_times(1, fails(FailureKind::InvalidResponse, true, true));
  ModelClient client({{provider, "m", std::nullopt}}, {}, spending, store, clock, pause);
  ChatRequest request;
  request.messages = {{Role::User, "hello"}};
  request.max_output_tokens = 1'000;
  ASSERT_TRUE(client.complete(request, watch, {}).has_value());
  EXPECT_EQ(spending.spent().tokens, token_bound(request) + 1'000 + 15);
}

// Fifty at once against a provider that fails 30 % of calls and stalls 10 %.
TEST(ModelClient, ManyAtOnceNeverPassTheBudgetAndBookNothingTwice) {
  FakeClock clock;
  FakePause pause(clock);
  const Price price{.input = 1, .cached = 1, .output = 4};
  constexpr double kBudget = 0.2;
  const auto folder = base::TempDir::create("testgen-spending");
  const auto ledger = folder->path() / "spent.json";
  Spending spending({.run_dollars = kBudget, .day_dollars = kBudget}, DayLedger(ledger, clock));
  const ReplyStore store(StoreMode::Off, {}, {});
  std::mutex mutex;
  base::Random random(7);
  double billed = 0;      // by the provider, as it would be on its invoice
  double most = 0;        // ever reserved and settled together
  double unreported = 0;  // bounds of broken streams
  auto provider = std::make_shared<FakeProvider>("a", [&](const ChatRequest& request) {
    const std::lock_guard lock(mutex);
    most = std::max(most, spending.spent().dollars);
    const double roll = random.unit();
    const double bound = (static_cast<double>(token_bound(request)) + 4.0 * 1'000) / 1e6;
    if (roll < 0.3) return fails(FailureKind::Unavailable);
    if (roll < 0.4) {  // a stall: it began, it may be billed, nobody knows how much
      unreported += bound;
      return fails(FailureKind::Timeout, true, true);
    }
    billed += (100.0 + 4.0 * 200) / 1e6;
    return says("yes", 100, 200);
  });
  ClientOptions options;
  options.circuit.failures = 1'000'000;
  options.rate.at_once = 8;
  ModelClient client({{provider, "m", price}}, options, spending, store, clock, pause);
  std::atomic<int> ended{0};
  {
    std::vector<std::jthread> jobs;
    for (int job = 0; job < 50; ++job) {
      jobs.emplace_back([&] {
        CallWatch watch;
        for (int call = 0; call < 6; ++call) {
          ChatRequest request;
          request.messages = {{Role::User, std::string(500, 'x')}};
          request.max_output_tokens = 1'000;
          (void)client.complete(request, watch, {});
        }
        ++ended;
      });
    }
  }
  EXPECT_EQ(ended.load(), 50);
  EXPECT_LE(most, kBudget + 1e-9);
  EXPECT_LE(spending.spent().dollars, kBudget + 1e-9);
  EXPECT_NEAR(spending.spent().dollars, billed + unreported, 1e-9) << "booked twice, or not at all";
  EXPECT_GT(billed, 0.0);
  const auto of_the_day = DayLedger(ledger, clock).reserve(0, "", {});
  EXPECT_NEAR(of_the_day->day, billed + unreported, 1e-9);
}

}  // namespace
}  // namespace testgen::llm
