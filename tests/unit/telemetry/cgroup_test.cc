#include "telemetry/metrics/cgroup.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::telemetry {
namespace {

constexpr std::uint64_t kMachine = 8'000'000;

class CgroupTest : public ::testing::Test {
 protected:
  void file(const std::string& path, const std::string& text) {
    ASSERT_TRUE(base::write_file_atomic(root_.path() / path, text));
  }
  base::TempDir root_ = *base::TempDir::create("cgroup");
};

TEST_F(CgroupTest, Version2LeavesOutInactiveCacheAndTakesTheSmallestLimit) {
  file("a/b/memory.current", "5000\n");
  file("a/b/memory.max", "max\n");
  file("a/b/memory.stat", "anon 100\ninactive_file 1500\nactive_file 7\n");
  file("a/memory.max", "6000\n");
  const auto figures = read_cgroup_memory(root_.path(), "0::/a/b\n", kMachine);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->working_set, 3500U);
  EXPECT_EQ(figures->limit, 6000U);
}

TEST_F(CgroupTest, Version2WithoutALimitIsBoundedByTheMachine) {
  file("memory.current", "5000\n");
  file("memory.max", "max\n");
  const auto figures = read_cgroup_memory(root_.path(), "0::/\n", kMachine);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->working_set, 5000U);
  EXPECT_EQ(figures->limit, kMachine);
}

TEST_F(CgroupTest, Version1IsReadFromItsController) {
  file("memory/job/memory.usage_in_bytes", "9000\n");
  file("memory/job/memory.limit_in_bytes", "9223372036854771712\n");
  file("memory/job/memory.stat", "inactive_file 1\ntotal_inactive_file 4000\n");
  file("memory/memory.limit_in_bytes", "7000000\n");
  const auto figures =
      read_cgroup_memory(root_.path(), "8:pids:/x\n4:cpu,memory:/job\n0::/\n", kMachine);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->working_set, 5000U);
  EXPECT_EQ(figures->limit, 7'000'000U);
}

TEST_F(CgroupTest, AContainerThatSeesOnlyItsOwnRootReadsThat) {
  file("memory/memory.usage_in_bytes", "9000\n");
  file("memory/memory.limit_in_bytes", "10000\n");
  const auto figures = read_cgroup_memory(root_.path(), "4:memory:/docker/abc\n", kMachine);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->working_set, 9000U);
  EXPECT_EQ(figures->limit, 10'000U);
}

TEST_F(CgroupTest, NoneIsNone) {
  EXPECT_FALSE(read_cgroup_memory(root_.path(), "", kMachine));
  EXPECT_FALSE(read_cgroup_memory(root_.path(), "garbage\n1:\n", kMachine));
  EXPECT_FALSE(read_cgroup_memory(root_.path(), "0::/nowhere\n", kMachine));
}

TEST_F(CgroupTest, TotalsOfVersion2) {
  file("a/cpu.stat", "usage_usec 2500000\nuser_usec 1\nnr_throttled 3\nthrottled_usec 750000\n");
  file("a/memory.events", "low 0\noom 9\noom_kill 2\noom_group_kill 0\n");
  const CgroupTotals totals = read_cgroup_totals(root_.path(), "0::/a\n");
  EXPECT_DOUBLE_EQ(totals.cpu_seconds.value(), 2.5);
  EXPECT_DOUBLE_EQ(totals.throttled_seconds.value(), 0.75);
  EXPECT_DOUBLE_EQ(totals.oom_kills.value(), 2);
}

TEST_F(CgroupTest, TotalsOfVersion1AreReadFromTheirControllers) {
  file("cpuacct/job/cpuacct.usage", "3500000000\n");
  file("cpu/job/cpu.stat", "nr_periods 1\nnr_throttled 1\nthrottled_time 250000000\n");
  file("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n");
  // The memory group's own path is not visible here; version 2 is mounted and empty.
  const CgroupTotals totals =
      read_cgroup_totals(root_.path(), "3:cpu,cpuacct:/job\n4:memory:/docker/abc\n0::/\n");
  EXPECT_DOUBLE_EQ(totals.cpu_seconds.value(), 3.5);
  EXPECT_DOUBLE_EQ(totals.throttled_seconds.value(), 0.25);
  EXPECT_DOUBLE_EQ(totals.oom_kills.value(), 4);
}

TEST_F(CgroupTest, TotalsThatNobodyTellsAreNone) {
  file("a/cpu.stat", "usage_usec 1000000\n");  // without the cpu controller: no throttling
  const CgroupTotals totals = read_cgroup_totals(root_.path(), "0::/a\n");
  EXPECT_DOUBLE_EQ(totals.cpu_seconds.value(), 1);
  EXPECT_FALSE(totals.throttled_seconds);
  EXPECT_FALSE(totals.oom_kills);
  EXPECT_FALSE(read_cgroup_totals(root_.path(), "").cpu_seconds);
}

}  // namespace
}  // namespace testgen::telemetry
