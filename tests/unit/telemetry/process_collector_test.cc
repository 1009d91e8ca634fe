#include "telemetry/metrics/process_collector.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace testgen::telemetry {
namespace {

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
  // The group holds at least this process.
  EXPECT_GE(metrics.container_cpu_seconds_total.value(), metrics.process_cpu_seconds_total.value());
  const double age = base::unix_seconds(base::SystemClock().wall_now()) -
                     metrics.process_start_time_seconds.value();
  EXPECT_GT(age, -2);
  EXPECT_LT(age, 3600);
}

}  // namespace
}  // namespace testgen::telemetry
