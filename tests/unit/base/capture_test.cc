#include "base/capture.h"

#include <gtest/gtest.h>

namespace testgen::base {
namespace {

using namespace std::chrono_literals;

CaptureRequest shell(std::string script) {
  return {.argv = {"/bin/sh", "-c", std::move(script)}, .environment = {"PATH=/usr/bin:/bin"}};
}

TEST(Capture, TakesBothStreamsAndTheExitCode) {
  const auto got = capture(shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->output, "out\n");
  EXPECT_EQ(got->errors, "err\n");
  EXPECT_EQ(got->exit_code, 3);
  EXPECT_EQ(capture(shell("kill -9 $$"))->exit_code, 137);
}

TEST(Capture, StandardInputIsEmptyAndTheEnvironmentIsTheGivenOne) {
  const auto got = capture(shell("cat; echo \"[$HOME]\""));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->output, "[]\n");
}

TEST(Capture, ALargeOutputDoesNotBlockAndHasALimit) {
  CaptureRequest request = shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2");
  const auto got = capture(request);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->output.size(), 300'000U);
  EXPECT_EQ(got->errors.size(), 300'000U);
  request.max_bytes = 100'000;
  EXPECT_EQ(capture(request).error().code, ErrorCode::TooLarge);
}

TEST(Capture, HasADeadline) {
  CaptureRequest request = shell("sleep 1000");
  request.timeout = 50ms;
  EXPECT_EQ(capture(request).error().code, ErrorCode::Timeout);
}

TEST(Capture, AMissingProgramIsSaid) {
  EXPECT_EQ(capture({.argv = {"no-such-program-here"}}).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace testgen::base
