// The supervisor against trees that do not play along. How it serves real ones is in
// contract_test.cc.
#include "sandbox/supervisor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "sandbox/init/protocol.h"

namespace testgen::sandbox {
namespace {

using namespace std::chrono_literals;
using model::Outcome;

class SupervisorTest : public testing::Test {
 protected:
  // A tree that has the pipes of an init, but is only a shell.
  Launch launch(const std::string& script) {
    auto output = *base::make_pipe();
    auto error = *base::make_pipe();
    auto report = *base::make_pipe();
    auto control = *base::make_pipe();
    auto child =
        base::spawn({.argv = {"/bin/sh", "-c", script},
                     .environment = {"PATH=/usr/bin:/bin"},
                     .descriptors = {{1, output.write_end.get()}, {2, error.write_end.get()}}});
    EXPECT_TRUE(child);
    report_ = std::move(report.write_end);
    control_ = std::move(control.read_end);
    return Launch{.child = *std::move(child),
                  .started = std::chrono::steady_clock::now(),
                  .standard_output = std::move(output.read_end),
                  .standard_error = std::move(error.read_end),
                  .report = std::move(report.read_end),
                  .control = std::move(control.write_end)};
  }

  base::Result<model::RunResult> run(Launch tree, const Limits& limits = {}) {
    const auto supervisor = Supervisor::create(std::move(tree), limits, Excess::Kill);
    EXPECT_TRUE(supervisor);
    return (*supervisor)->run();
  }

  void report(const protocol::Report& report) const {
    ASSERT_EQ(::write(report_.get(), &report, sizeof report), static_cast<ssize_t>(sizeof report));
  }

  base::UniqueFd report_;   // where init would write
  base::UniqueFd control_;  // what init would watch
};

TEST_F(SupervisorTest, KillsATreeWhoseInitDoesNotReact) {
  Limits limits;
  limits.wall = 50ms;
  const auto result = run(launch("sleep 1000"), limits);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, Outcome::TimedOut);
  EXPECT_LT(result->wall, 8s);
}

TEST_F(SupervisorTest, AnInitThatNeverReportedIsAnErrorWithItsReason) {
  const auto result = run(launch("echo 'bwrap: out of luck' >&2; exit 1"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::Environment);
  EXPECT_NE(result.error().message.find("out of luck"), std::string::npos);
}

TEST_F(SupervisorTest, BelievesTheReportAndNotTheExitStatus) {
  auto tree = launch("exit 0");
  report({.step = protocol::Step::Finished,
          .exit_code = 4,
          .cpu_us = 1'234'000,
          .peak_memory_bytes = 5});
  const auto result = run(std::move(tree));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, Outcome::Exited);
  EXPECT_EQ(result->exit_code, 4);
  EXPECT_EQ(result->cpu, 1234ms);
  EXPECT_EQ(result->peak_memory_bytes, 5U);
}

TEST_F(SupervisorTest, SaysWhatCouldNotBePrepared) {
  auto tree = launch("exit 127");
  report({.step = protocol::Step::WorkingDirectory, .error = ENOENT});
  const auto result = run(std::move(tree));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, Outcome::SetupFailed);
  EXPECT_NE(result->standard_error.find("working directory"), std::string::npos);
}

TEST_F(SupervisorTest, AHardKillForCpuTimeIsToldFromOtherKills) {
  Limits limits;
  limits.cpu = 2s;
  auto tree = launch("exit 0");
  report({.step = protocol::Step::Finished, .signal = SIGKILL, .main_cpu_us = 2'900'000});
  EXPECT_EQ(run(std::move(tree), limits)->outcome, Outcome::CpuExceeded);
  tree = launch("exit 0");
  report({.step = protocol::Step::Finished, .signal = SIGKILL, .main_cpu_us = 10'000});
  EXPECT_EQ(run(std::move(tree), limits)->outcome, Outcome::Signalled);
}

TEST_F(SupervisorTest, AKillForMemorySaysSo) {
  auto tree = launch("exit 0");
  report({.step = protocol::Step::TreeMemory, .signal = SIGKILL});
  const auto result = run(std::move(tree));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, Outcome::Signalled);
  EXPECT_NE(result->standard_error.find("bytes together"), std::string::npos);
}

TEST_F(SupervisorTest, OutputThatArrivesAtTheVeryEndCountsToo) {
  Limits limits;
  limits.output_bytes = 10;
  auto tree = launch("echo 0123456789012345; exit 0");
  report({.step = protocol::Step::Finished});
  const auto result = run(std::move(tree), limits);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, Outcome::OutputExceeded);
  EXPECT_EQ(result->standard_output, "0123456789");
}

}  // namespace
}  // namespace testgen::sandbox
