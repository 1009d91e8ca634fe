#include "base/process.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace testgen::base {
namespace {

using namespace std::chrono_literals;

SteadyTime in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

std::string read_all(int fd) {
  std::string out;
  char buffer[4096];
  ssize_t got = 0;
  while ((got = ::read(fd, buffer, sizeof buffer)) > 0)
    out.append(buffer, static_cast<std::size_t>(got));
  return out;
}

TEST(Process, RunsAndReportsTheExitCode) {
  auto child = spawn({.argv = {"/bin/sh", "-c", "exit 7"}});
  ASSERT_TRUE(child);
  const auto status = child->wait_until(in(10s));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->exit_code, 7);
  EXPECT_EQ(status->signal, 0);
}

TEST(Process, PassesOnlyTheNamedDescriptorsAndEnvironment) {
  auto pipe = *make_pipe();
  auto child = spawn({.argv = {"/bin/sh", "-c", "echo $ONLY $HOME >&5; ls /proc/self/fd >&5"},
                      .environment = {"ONLY=this", "PATH=/usr/bin:/bin"},
                      .descriptors = {{5, pipe.write_end.get()}}});
  ASSERT_TRUE(child);
  pipe.write_end.reset();
  const std::string output = read_all(pipe.read_end.get());
  ASSERT_TRUE(child->wait_until(in(10s)));
  // 0, 1, 2, 5 and the descriptor of the folder that ls itself reads (3).
  EXPECT_EQ(output, "this\n0\n1\n2\n3\n5\n");
}

TEST(Process, GivesWayAsMuchAsWasAskedFor) {
  for (const int niceness : {0, 4}) {
    auto pipe = *make_pipe();
    auto child = spawn({.argv = {"/usr/bin/nice"},
                        .descriptors = {{1, pipe.write_end.get()}},
                        .niceness = niceness});
    ASSERT_TRUE(child);
    pipe.write_end.reset();
    errno = 0;
    EXPECT_EQ(std::atoi(read_all(pipe.read_end.get()).c_str()), ::nice(0) + niceness);
    ASSERT_TRUE(child->wait_until(in(10s)));
  }
}

TEST(Process, AMissingProgramIsAnErrorNotAChild) {
  EXPECT_EQ(spawn({.argv = {"no-such-program-here"}}).error().code, ErrorCode::Environment);
  EXPECT_EQ(spawn({.argv = {"/no/such/program"}}).error().code, ErrorCode::NotFound);
}

TEST(Process, KillEndsTheWholeGroup) {
  auto pipe = *make_pipe();
  auto child = spawn({.argv = {"/bin/sh", "-c", "sleep 1000 & sleep 1000"},
                      .environment = {"PATH=/usr/bin:/bin"},
                      .descriptors = {{1, pipe.write_end.get()}}});
  ASSERT_TRUE(child);
  pipe.write_end.reset();
  EXPECT_FALSE(child->wait_until(in(20ms)));
  child->kill();
  const auto status = child->wait_until(in(10s));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->signal, SIGKILL);
  EXPECT_EQ(read_all(pipe.read_end.get()), "");  // ends only when both sleeps are gone
}

TEST(Process, SetsResourceLimits) {
  auto pipe = *make_pipe();
  auto child = spawn({.argv = {"/bin/sh", "-c", "ulimit -n"},
                      .descriptors = {{1, pipe.write_end.get()}},
                      .resource_limits = {{RLIMIT_NOFILE, 33}}});
  ASSERT_TRUE(child);
  pipe.write_end.reset();
  EXPECT_EQ(read_all(pipe.read_end.get()), "33\n");
}

TEST(Process, SurvivesTheThreadThatStartedIt) {
  // The parent-death signal is tied to the spawner thread, not to this short-lived one.
  std::optional<ChildProcess> child;
  std::thread([&] { child.emplace(*spawn({.argv = {"/bin/sleep", "1000"}})); }).join();
  EXPECT_FALSE(child->wait_until(in(100ms)));
  child->kill();
  EXPECT_TRUE(child->wait_until(in(10s)));
}

}  // namespace
}  // namespace testgen::base
