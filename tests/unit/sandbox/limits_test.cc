#include "sandbox/limits.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace testgen::sandbox {
namespace {

rlimit of(const std::vector<ResourceLimit>& limits, int resource) {
  const auto found = std::find_if(limits.begin(), limits.end(), [resource](const auto& limit) {
    return limit.resource == resource;
  });
  return found == limits.end() ? rlimit{RLIM_INFINITY, RLIM_INFINITY} : found->value;
}

TEST(ResourceLimits, SayWhatWasAskedFor) {
  Limits wanted;
  wanted.memory_bytes = 1000;
  wanted.file_bytes = 2000;
  wanted.open_files = 20;
  const auto limits = resource_limits(wanted, 0);
  EXPECT_EQ(of(limits, RLIMIT_AS).rlim_max, 1000U);
  EXPECT_EQ(of(limits, RLIMIT_FSIZE).rlim_max, 2000U);
  EXPECT_EQ(of(limits, RLIMIT_NOFILE).rlim_max, 20U);
  EXPECT_EQ(of(limits, RLIMIT_CORE).rlim_max, 0U);
}

TEST(ResourceLimits, OurOwnProcessesDoNotCountAgainstTheProgram) {
  Limits wanted;
  wanted.processes = 5;
  EXPECT_EQ(of(resource_limits(wanted, 2), RLIMIT_NPROC).rlim_max, 7U);
}

TEST(ResourceLimits, CpuWarnsOneSecondBeforeItKills) {
  Limits wanted;
  wanted.cpu = std::chrono::seconds(3);
  const rlimit cpu = of(resource_limits(wanted, 0), RLIMIT_CPU);
  EXPECT_EQ(cpu.rlim_cur, 3U);
  EXPECT_EQ(cpu.rlim_max, 4U);
}

TEST(ResourceLimits, NeverAskForMoreThanWeHave) {
  rlimit ours{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &ours), 0);
  Limits wanted;
  wanted.open_files = ours.rlim_max + 1;
  EXPECT_LE(of(resource_limits(wanted, 0), RLIMIT_NOFILE).rlim_max, ours.rlim_max);
}

}  // namespace
}  // namespace testgen::sandbox
