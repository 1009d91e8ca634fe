#include "telemetry/metrics/process_collector.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "support/fake_clock.h"

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

TEST(ProcessCollector, ReadsThisProcess) {
  testing::FakeClock clock;
  Registry registry(catalogue(), clock);
  Metrics metrics(registry);
  collect_process(metrics);
  EXPECT_GT(metrics.process_resident_memory_bytes.value(), 1e6);
  EXPECT_GT(metrics.process_virtual_memory_bytes.value(),
            metrics.process_resident_memory_bytes.value());
  EXPECT_GE(metrics.process_open_fds.value(), 3);
  EXPECT_GE(metrics.process_max_fds.value(), metrics.process_open_fds.value());
  EXPECT_GE(metrics.process_threads.value(), 1);
  EXPECT_GT(metrics.memory_working_set_bytes.value(), 0);
  EXPECT_GT(metrics.memory_limit_bytes.value(), metrics.memory_working_set_bytes.value());
  const double age = base::unix_seconds(base::SystemClock().wall_now()) -
                     metrics.process_start_time_seconds.value();
  EXPECT_GT(age, -2);
  EXPECT_LT(age, 3600);
}

}  // namespace
}  // namespace testgen::telemetry
