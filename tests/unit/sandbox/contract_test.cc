// What every Sandbox promises, whether it isolates or not.
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/process.h"
#include "sandbox/bubblewrap.h"
#include "sandbox/direct.h"

namespace testgen::sandbox {
namespace {

using namespace std::chrono_literals;
using model::Outcome;
using model::RunResult;

base::SteadyTime in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

Request shell(const std::string& script) {
  Request request;
  request.argv = {"/bin/sh", "-c", script};
  request.environment = {"PATH=/usr/bin:/bin"};
  return request;
}

Request python(const std::string& code) {
  Request request;
  request.argv = {"/usr/bin/python3", "-I", "-S", "-c", code};
  return request;
}

// One line from a pipe, or what came until the deadline.
std::string read_line(int fd) {
  std::string line;
  char byte = 0;
  pollfd item{fd, POLLIN, 0};
  while (::poll(&item, 1, 10'000) == 1 && ::read(fd, &byte, 1) == 1 && byte != '\n') line += byte;
  return line;
}

class SandboxContract : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "none") {
      sandbox_ = std::make_unique<DirectSandbox>();
    } else {
      sandbox_ = std::make_unique<BubblewrapSandbox>();
    }
  }

  RunResult run(const Request& request, std::stop_token stop = {}) {
    auto result = sandbox_->run(request, std::move(stop));
    EXPECT_TRUE(result) << base::describe(result.error());
    return result ? *result : RunResult{};
  }

  std::unique_ptr<Sandbox> sandbox_;
};

INSTANTIATE_TEST_SUITE_P(Both, SandboxContract, testing::Values("bubblewrap", "none"),
                         [](const auto& param) { return param.param; });

TEST_P(SandboxContract, KnowsItsNameAndWorksHere) {
  EXPECT_EQ(sandbox_->name(), GetParam());
  const auto status = sandbox_->check();
  EXPECT_TRUE(status) << base::describe(status.error());
}

TEST_P(SandboxContract, ReportsTheExitCodeAndBothOutputs) {
  const auto result = run(shell("echo out; echo err >&2; exit 7"));
  EXPECT_EQ(result.outcome, Outcome::Exited);
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.standard_output, "out\n");
  EXPECT_EQ(result.standard_error, "err\n");
  EXPECT_FALSE(result.succeeded());
}

TEST_P(SandboxContract, ReportsASignal) {
  // A shell that is PID 1 could not kill itself so: the program must be an ordinary process.
  const auto result = run(shell("kill -TERM $$"));
  EXPECT_EQ(result.outcome, Outcome::Signalled);
  EXPECT_EQ(result.signal, SIGTERM);
}

TEST_P(SandboxContract, FeedsStandardInput) {
  auto request = shell("cat");
  request.standard_input = std::string(300'000, 'x');
  EXPECT_EQ(run(request).standard_output, request.standard_input);
  EXPECT_EQ(run(shell("cat")).standard_output, "");
}

TEST_P(SandboxContract, PassesExactlyTheEnvironmentAndTheFolder) {
  auto request = shell("pwd; exec /usr/bin/env");
  request.argv = {"/usr/bin/env"};
  request.environment = {"ONLY=this", "SPACE=a b"};
  EXPECT_EQ(run(request).standard_output, "ONLY=this\nSPACE=a b\n");
  auto where = shell("pwd");
  where.working_directory = "/usr/lib";
  EXPECT_EQ(run(where).standard_output, "/usr/lib\n");
}

TEST_P(SandboxContract, PassesNoDescriptorOfOurs) {
  const auto result =
      run(python("import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))"));
  EXPECT_EQ(result.standard_output, "[0, 1, 2, 3]\n");  // 3 is the listing itself
}

TEST_P(SandboxContract, AProgramThatCannotStartIsAResult) {
  Request request;
  request.argv = {"/no/such/program"};
  auto result = run(request);
  EXPECT_EQ(result.outcome, Outcome::SetupFailed);
  EXPECT_NE(result.standard_error, "");
  request = shell("true");
  request.working_directory = "/no/such/folder";
  EXPECT_EQ(run(request).outcome, Outcome::SetupFailed);
}

TEST_P(SandboxContract, KillsTheTreeAtTheDeadline) {
  auto request = shell("trap '' TERM INT; sleep 1000 & while :; do :; done");
  request.limits.wall = 300ms;
  const auto result = run(request);
  EXPECT_EQ(result.outcome, Outcome::TimedOut);
  EXPECT_GE(result.wall, 300ms);
  EXPECT_LT(result.wall, 5s);
}

TEST_P(SandboxContract, StopsAtOnceWhenAsked) {
  std::stop_source stop;
  std::jthread stopper([&stop] { stop.request_stop(); });
  const auto result = run(shell("sleep 1000"), stop.get_token());
  EXPECT_EQ(result.outcome, Outcome::Cancelled);
  EXPECT_LT(result.wall, 5s);
}

TEST_P(SandboxContract, EndsAProgramThatWritesTooMuch) {
  auto request = shell("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
  request.limits.output_bytes = 10'000;
  const auto result = run(request);
  EXPECT_EQ(result.outcome, Outcome::OutputExceeded);
  EXPECT_EQ(result.standard_output.size(), 10'000U);
}

TEST_P(SandboxContract, EndsAProgramThatComputesTooMuch) {
  auto request = shell("while :; do :; done");
  request.limits.cpu = 1s;
  request.limits.wall = 60s;  // a busy machine gives a second of its time late
  const auto result = run(request);
  EXPECT_EQ(result.outcome, Outcome::CpuExceeded);
  EXPECT_GE(result.cpu, 900ms);
}

TEST_P(SandboxContract, MeasuresCpuTimeOfChildrenToo) {
  const auto result =
      run(python("import os, time\n"
                 "child = os.fork()\n"
                 "start = time.process_time()\n"
                 "while time.process_time() - start < 0.15: pass\n"
                 "if child: os.wait()\n"));
  EXPECT_GE(result.cpu, 280ms);
  EXPECT_LT(result.cpu, 5s);
}

TEST_P(SandboxContract, MeasuresPeakMemory) {
  const auto result = run(python("b = bytearray(100 << 20)"));
  EXPECT_GE(result.peak_memory_bytes, 100ULL << 20U);
  EXPECT_LT(result.peak_memory_bytes, 200ULL << 20U);
}

TEST_P(SandboxContract, BoundsMemory) {
  auto request = python("bytearray(1 << 30)");
  request.limits.memory_bytes = 256ULL << 20U;
  const auto result = run(request);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.standard_error.find("MemoryError"), std::string::npos);
}

TEST_P(SandboxContract, StartTalksThroughNamedDescriptors) {
  auto request = shell("read line <&5; echo \"got $line\" >&7; echo done");
  auto to = *base::make_pipe();
  auto from = *base::make_pipe();
  request.descriptors = {{5, to.read_end.get()}, {7, from.write_end.get()}};
  auto process = sandbox_->start(request);
  ASSERT_TRUE(process);
  to.read_end.reset();
  from.write_end.reset();
  EXPECT_FALSE((*process)->wait_until(in(0ms)));
  ASSERT_EQ(::write(to.write_end.get(), "hello\n", 6), 6);
  EXPECT_EQ(read_line(from.read_end.get()), "got hello");
  ASSERT_TRUE((*process)->wait_until(in(10s)));
  const auto result = (*process)->result();
  EXPECT_TRUE(result.succeeded());
  EXPECT_EQ(result.standard_output, "done\n");
}

TEST_P(SandboxContract, StartedProcessesNeverBlockOnTheirOutput) {
  auto request = python("import sys\nsys.stdout.write('x' * 5_000_000)");
  request.limits.output_bytes = 1000;
  auto process = sandbox_->start(request);
  ASSERT_TRUE(process);
  ASSERT_TRUE((*process)->wait_until(in(10s)));
  EXPECT_TRUE((*process)->result().succeeded());
  EXPECT_EQ((*process)->result().standard_output.size(), 1000U);
}

TEST_P(SandboxContract, StartedProcessesEndAtTheDeadlineThoughNobodyAsks) {
  auto request = shell("while :; do sleep 1; done");
  request.limits.wall = 200ms;
  auto pipe = *base::make_pipe();
  request.descriptors = {{3, pipe.write_end.get()}};
  auto process = sandbox_->start(request);
  ASSERT_TRUE(process);
  pipe.write_end.reset();
  EXPECT_EQ(read_line(pipe.read_end.get()), "");  // ends when the last writer is gone
  ASSERT_TRUE((*process)->wait_until(in(10s)));
  EXPECT_EQ((*process)->result().outcome, Outcome::TimedOut);
}

TEST_P(SandboxContract, TheFirstReasonToKillWins) {
  auto process = sandbox_->start(shell("sleep 1000"));
  ASSERT_TRUE(process);
  (*process)->kill(Outcome::TimedOut);
  (*process)->kill(Outcome::Cancelled);
  ASSERT_TRUE((*process)->wait_until(in(10s)));
  EXPECT_EQ((*process)->result().outcome, Outcome::TimedOut);
}

TEST_P(SandboxContract, DroppingAProcessKillsItsTree) {
  auto pipe = *base::make_pipe();
  auto request = shell("sleep 1000 & echo ready >&3; wait");
  request.descriptors = {{3, pipe.write_end.get()}};
  auto process = sandbox_->start(request);
  ASSERT_TRUE(process);
  pipe.write_end.reset();
  EXPECT_EQ(read_line(pipe.read_end.get()), "ready");
  process->reset();
  EXPECT_EQ(read_line(pipe.read_end.get()), "");
}

TEST_P(SandboxContract, ServesThreadsAtOnce) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      const auto result = run(shell("exit " + std::to_string(i)));
      EXPECT_EQ(result.exit_code, i);
    });
  }
}

}  // namespace
}  // namespace testgen::sandbox
