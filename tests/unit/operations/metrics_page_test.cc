#include "operations/live/metrics_page.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file_system.h"
#include "operations/live/machine.h"
#include "operations/live/work.h"

namespace testgen::operations {
namespace {

constexpr const char* kPage =
    "# HELP x_total it counts\n# TYPE x_total counter\n"
    "x_total{a=\"1\",b=\"q\\\"\\\\\\n\"} 3\nx_total{a=\"2\"} 4\n"
    "x_total{a=\"broken\n"
    "gauge 1.5 1700000000\nnot a number\n\n"
    "h_bucket{le=\"0.5\"} 2\nh_bucket{le=\"1.0\"} 8\nh_bucket{le=\"+Inf\"} 10\nh_sum 7\nh_count "
    "10\n";

TEST(LiveMetrics, SumsAndGroups) {
  const MetricsPage page = MetricsPage::read(kPage);
  EXPECT_EQ(page.samples().size(), 8U);
  EXPECT_EQ(page.sum("x_total"), 7);
  EXPECT_EQ(page.sum("x_total", {{"a", "1"}}), 3);
  EXPECT_EQ(page.sum("x_total", {{"b", "q\"\\\n"}}), 3);
  EXPECT_EQ(page.sum("gauge"), 1.5);
  EXPECT_FALSE(page.sum("gone"));
  EXPECT_FALSE(page.sum("x_total", {{"a", "3"}}));
  EXPECT_EQ(page.by("x_total", "a").at("2"), 4);
}

TEST(LiveMetrics, QuantilesAreInterpolatedAsPrometheusDoes) {
  const MetricsPage page = MetricsPage::read(kPage);
  EXPECT_DOUBLE_EQ(*page.quantile("h", 0.1), 0.25);
  EXPECT_DOUBLE_EQ(*page.quantile("h", 0.5), 0.75);
  EXPECT_DOUBLE_EQ(*page.quantile("h", 0.99), 1.0);  // in the last bucket: its lower bound
  EXPECT_FALSE(page.quantile("gone", 0.5));
  EXPECT_FALSE(MetricsPage::read("h_bucket{le=\"+Inf\"} 0\n").quantile("h", 0.5));
}

TEST(LiveMetrics, TheDifferenceKeepsGaugesAndSurvivesARestart) {
  const MetricsPage before = MetricsPage::read("x_total 5\ny_total 9\ng 7\n");
  const MetricsPage now = MetricsPage::read("x_total 8\ny_total 2\ng 3\nz_total 1\n").since(before);
  EXPECT_EQ(now.sum("x_total"), 3);
  EXPECT_EQ(now.sum("y_total"), 2);
  EXPECT_EQ(now.sum("g"), 3);
  EXPECT_EQ(now.sum("z_total"), 1);
}

TEST(LiveWork, TheOldestComesFirst) {
  const auto work = read_work(
      R"({"requests":[{"method":"GET","endpoint":"/a","stage":"s","age_seconds":1,"trace_id":"t"},
                      {"method":"POST","endpoint":"/b","stage":"s","age_seconds":5}],
          "jobs":[{"id":"j","stage":"propose","fraction":0.5,"age_seconds":2}]})");
  ASSERT_TRUE(work);
  EXPECT_EQ(work->requests[0].what, "POST /b");
  EXPECT_EQ(work->jobs[0].fraction, 0.5);
  EXPECT_FALSE(read_work("{}"));
  EXPECT_FALSE(read_work("{\"requests\":1,\"jobs\":[]}"));
}

TEST(LiveMachine, ReadsWhatIsThereAndLeavesOutTheRest) {
  const auto folder = *base::TempDir::create("machine-test");
  const auto write = [&](const std::string& name, const std::string& text) {
    ASSERT_TRUE(base::write_file_atomic(folder.path() / name, text));
  };
  write("meminfo", "MemTotal:  1000 kB\nMemAvailable:   250 kB\n");
  write("loadavg", "1.50 1.00 0.50 1/200 4242\n");
  write("stat", "cpu 1 2 3\nbtime 1000\n");
  write("pressure/io", "some avg10=12.50 avg60=0.00 avg300=0.00 total=1\nfull avg10=99.00\n");
  // A name may hold brackets and spaces. Field 22 is the start, in ticks after booting.
  const std::string rest = " S 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ";
  const auto ticks = [](int seconds) { return std::to_string(seconds * ::sysconf(_SC_CLK_TCK)); };
  write("42/stat", "42 (testgen)" + rest + ticks(10) + " 0\n");
  write("42/status", "VmHWM:\t 90 kB\nVmRSS:\t 50 kB\n");
  write("43/stat", "43 (py) (x" + std::string(")") + " S 42 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 " +
                       ticks(11) + " 0\n");
  write("44/stat", "garbage");
  const MachineFacts facts = machine_facts(folder.path());
  EXPECT_EQ(facts.memory_total, 1000 * 1024.0);
  EXPECT_EQ(facts.memory_available, 250 * 1024.0);
  EXPECT_EQ(facts.load, 1.5);
  EXPECT_EQ(facts.pressure.io, 0.125);
  EXPECT_FALSE(facts.pressure.cpu);
  ASSERT_EQ(facts.processes.size(), 2U);
  const ProcessFacts* service = service_process(facts, 1010.02);
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->pid, 42);
  EXPECT_EQ(service->resident, 50U * 1024);
  EXPECT_EQ(service->peak, 90U * 1024);
  EXPECT_EQ(service_process(facts, 1020), nullptr);
  const auto children = descendants(facts, 42);
  ASSERT_EQ(children.size(), 1U);
  EXPECT_EQ(children[0]->name, "py) (x");
  EXPECT_TRUE(machine_facts("/nonexistent").processes.empty());
}

}  // namespace
}  // namespace testgen::operations
