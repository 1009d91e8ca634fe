#include "app/interrupt.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <thread>

namespace testgen::app {
namespace {

using namespace std::chrono_literals;

template <class Condition>
bool soon(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!condition() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  return condition();
}

TEST(Interrupt, TheFirstSignalAsksToStop) {
  Interrupt interrupt("");
  EXPECT_FALSE(interrupt.token().stop_requested());
  ASSERT_EQ(::kill(::getpid(), SIGINT), 0);
  EXPECT_TRUE(soon([&] { return interrupt.token().stop_requested(); }));
}

TEST(Interrupt, TheSecondSignalEndsTheProcessAtOnce) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        const Interrupt interrupt("stopping\n");
        ::kill(::getpid(), SIGTERM);
        soon([&] { return interrupt.token().stop_requested(); });
        ::kill(::getpid(), SIGTERM);
        std::this_thread::sleep_for(10s);  // never reached: the signal ends it
      },
      testing::ExitedWithCode(128 + SIGTERM), "stopping");
}

TEST(Interrupt, AFilePastItsLimitIsAnErrorOfTheWrite) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        const Interrupt interrupt("");
        rlimit most{};
        most.rlim_cur = 10;
        most.rlim_max = RLIM_INFINITY;
        ::setrlimit(RLIMIT_FSIZE, &most);
        std::FILE* file = std::tmpfile();
        const bool first = ::write(::fileno(file), "0123456789", 10) == 10;
        const bool refused = ::write(::fileno(file), "x", 1) < 0 && errno == EFBIG;
        ::_exit(first && refused ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(Interrupt, AWatchedHangupCallsBackAndDoesNotStop) {
  Interrupt interrupt("", Interrupt::Hangup::Watched);
  std::atomic<int> calls{0};
  interrupt.on_hangup([&] { ++calls; });
  ASSERT_EQ(::kill(::getpid(), SIGHUP), 0);
  EXPECT_TRUE(soon([&] { return calls == 1; }));
  interrupt.on_hangup(nullptr);
  EXPECT_FALSE(interrupt.token().stop_requested());
}

}  // namespace
}  // namespace testgen::app
