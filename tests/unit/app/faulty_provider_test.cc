#include "app/drills/faulty_provider.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "support/fake_provider.h"

namespace testgen::app {
namespace {

using namespace std::chrono_literals;
using service::Fault;

// Keeps the limits that it is given; its first token comes after a second.
class WatchedProvider final : public llm::Provider {
 public:
  const llm::ProviderPlace& place() const override { return place_; }
  llm::CallOutcome complete(const llm::ChatRequest&, const llm::CallLimits& limits,
                            const llm::OnChunk&, std::stop_token) override {
    calls.push_back(limits);
    llm::CallOutcome out = testing::says("hello");
    out.reply.first_token = 1s;
    return out;
  }
  llm::ModelList list_models(std::chrono::milliseconds timeout, std::stop_token) override {
    lists.push_back(timeout);
    return {true, true, "", {"m"}};
  }
  std::vector<llm::CallLimits> calls;
  std::vector<std::chrono::milliseconds> lists;

 private:
  llm::ProviderPlace place_{"openai", "models.test", 443};
};

class FaultyProviderTest : public ::testing::Test {
 protected:
  FaultyProviderTest() {
    auto watched = std::make_unique<WatchedProvider>();
    inner = watched.get();
    board = std::make_shared<service::FaultBoard>(data / service::kFaultFile, clock);
    provider = make_faulty(std::move(watched), board, clock, pause);
  }

  void break_for(Fault fault, std::chrono::seconds time) {
    ASSERT_TRUE(service::put_faults(data, {fault}, clock.wall_now() + time).has_value());
  }
  llm::CallOutcome call(std::stop_token stop = {}) {
    return provider->complete({}, limits, nullptr, std::move(stop));
  }
  std::chrono::nanoseconds since(base::SteadyTime start) const {
    return clock.steady_now() - start;
  }

  testing::FakeClock clock;
  testing::FakePause pause{clock};
  const base::TempDir folder = *base::TempDir::create("faulty-provider-test");
  const std::filesystem::path data = folder.path();
  std::shared_ptr<service::FaultBoard> board;
  WatchedProvider* inner = nullptr;
  std::unique_ptr<llm::Provider> provider;
  llm::CallLimits limits{.connect = 5s, .first_token = 20s, .whole = 60s};
};

TEST_F(FaultyProviderTest, IsTheOneInsideWhileNothingIsBroken) {
  break_for(Fault::StoreFails, 60s);
  const llm::CallOutcome out = call();
  EXPECT_FALSE(out.failure);
  EXPECT_EQ(out.reply.text, "hello");
  EXPECT_EQ(out.reply.first_token, 1s);
  ASSERT_EQ(inner->calls.size(), 1U);
  EXPECT_EQ(inner->calls[0].first_token, limits.first_token);
  EXPECT_EQ(inner->calls[0].whole, limits.whole);
  EXPECT_TRUE(provider->list_models(3s, {}).allowed);
  EXPECT_EQ(inner->lists, std::vector{std::chrono::milliseconds(3s)});
  EXPECT_EQ(provider->place().name, "openai");
}

TEST_F(FaultyProviderTest, FailsAsAProviderThatIsDown) {
  break_for(Fault::ModelFails, 60s);
  const llm::CallOutcome out = call();
  ASSERT_TRUE(out.failure);
  EXPECT_EQ(out.failure->kind, llm::FailureKind::Unavailable);
  EXPECT_TRUE(out.failure->retriable);
  EXPECT_FALSE(out.failure->may_be_billed) << "nothing was sent";
  EXPECT_NE(out.failure->message.find("a drill"), std::string::npos);
  const llm::ModelList list = provider->list_models(3s, {});
  EXPECT_FALSE(list.reachable);
  EXPECT_NE(list.problem.find("a drill"), std::string::npos);
  EXPECT_TRUE(inner->calls.empty());
  EXPECT_TRUE(inner->lists.empty());
}

TEST_F(FaultyProviderTest, AStalledCallEndsWhenTheFirstTokenIsDue) {
  break_for(Fault::ModelStalls, 600s);
  const base::SteadyTime start = clock.steady_now();
  const llm::CallOutcome out = call();
  ASSERT_TRUE(out.failure);
  EXPECT_EQ(out.failure->kind, llm::FailureKind::Timeout);
  EXPECT_TRUE(out.failure->retriable);
  EXPECT_FALSE(out.failure->may_be_billed);
  EXPECT_EQ(since(start), limits.first_token);
  EXPECT_TRUE(inner->calls.empty());
}

TEST_F(FaultyProviderTest, AStalledCallNeverOutlastsTheWhole) {
  break_for(Fault::ModelStalls, 600s);
  limits.whole = 130ms;
  const base::SteadyTime start = clock.steady_now();
  EXPECT_EQ(call().failure.value_or(llm::CallFailure{}).kind, llm::FailureKind::Timeout);
  EXPECT_EQ(since(start), limits.whole);
}

TEST_F(FaultyProviderTest, AStallThatEndsInTimeLeavesTheRestOfTheLimits) {
  break_for(Fault::ModelStalls, 5s);
  const llm::CallOutcome out = call();
  EXPECT_FALSE(out.failure);
  ASSERT_EQ(inner->calls.size(), 1U);
  EXPECT_EQ(inner->calls[0].first_token, 15s);
  EXPECT_EQ(inner->calls[0].whole, 55s);
  EXPECT_EQ(inner->calls[0].connect, limits.connect);
  EXPECT_EQ(out.reply.first_token, 6s) << "the caller waited for the stall, too";
}

TEST_F(FaultyProviderTest, AStalledCallThatIsStoppedIsNobodysFault) {
  break_for(Fault::ModelStalls, 600s);
  std::stop_source stop;
  stop.request_stop();
  const base::SteadyTime start = clock.steady_now();
  const llm::CallOutcome out = call(stop.get_token());
  ASSERT_TRUE(out.failure);
  EXPECT_TRUE(out.failure->cancelled);
  EXPECT_FALSE(out.failure->retriable);
  EXPECT_LE(since(start), 50ms);
}

TEST_F(FaultyProviderTest, AStalledListEndsInTime) {
  break_for(Fault::ModelStalls, 600s);
  const base::SteadyTime start = clock.steady_now();
  EXPECT_FALSE(provider->list_models(3s, {}).reachable);
  EXPECT_EQ(since(start), 3s);
}

TEST_F(FaultyProviderTest, NothingStallsOnceTheServiceStops) {
  break_for(Fault::ModelStalls, 600s);
  board->close();
  const base::SteadyTime start = clock.steady_now();
  EXPECT_FALSE(call().failure);
  EXPECT_EQ(since(start), 0ns);
}

}  // namespace
}  // namespace testgen::app
