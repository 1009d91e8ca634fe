#include "operations/top/screen.h"

#include <gtest/gtest.h>

#include "emit/report_layout.h"

namespace testgen::operations {
namespace {

Moment busy() {
  Moment out;
  out.server = "http://127.0.0.1:8000";
  out.page = MetricsPage::read(
      "testgen_requests_total{status=\"200\"} 130\ntestgen_requests_total{status=\"500\"} 12\n"
      "testgen_active_requests 3\ntestgen_queue_length 7\ntestgen_jobs_running 2\n"
      "testgen_cache_hits_total 3\ntestgen_cache_misses_total 1\n"
      "testgen_errors_total{component=\"job\"} 5\n"
      "testgen_llm_cost_dollars_total 1.25\ntestgen_llm_budget_dollars 10\n"
      "testgen_llm_budget_spent_ratio 0.125\n"
      "testgen_slo_met{objective=\"response_time\",window=\"1h\"} 0\n"
      "testgen_slo_value{objective=\"response_time\",window=\"1h\"} 3.5\n"
      "testgen_slo_target{objective=\"response_time\"} 2\n");
  out.earlier = MetricsPage::read(
      "testgen_requests_total{status=\"200\"} 100\ntestgen_requests_total{status=\"500\"} 12\n");
  out.between = 2;
  out.readiness = Readiness{.ready = true, .checks = {{"redis", "degraded", "gone"}}};
  out.work = LiveWork{.requests = {}, .jobs = {{"job-1", "propose", 0.5, 61, "trace"}}};
  return out;
}

std::string all(const Moment& moment, ScreenSize size) {
  std::string out;
  for (const std::string& line : draw(moment, size)) out += line + "\n";
  return out;
}

TEST(Top, ShowsRatesOfTheLastIntervalAndWhatIsAtWork) {
  const std::string text = all(busy(), {200, 0});
  for (const char* part :
       {"ready, redis degraded", "3 active   900 a minute   failed 0", "7 waiting   workers 2 busy",
        "75 % of 4 look-ups hit", "$1.25, 12.5 % of the budget", "job 5", "response_time", "MISSED",
        "3.5 s", "job job-1", "propose", "50 %", "61 s"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(Top, FitsTerminalsOfAnySize) {
  for (const std::size_t columns : {1U, 2U, 10U, 40U, 80U, 300U}) {
    for (const std::size_t rows : {1U, 2U, 5U, 24U, 100U}) {
      const auto lines = draw(busy(), {columns, rows});
      EXPECT_LE(lines.size(), rows);
      for (const std::string& line : lines) EXPECT_LE(emit::display_width(line), columns) << line;
    }
  }
  EXPECT_NE(all(busy(), {80, 5}).find("more lines"), std::string::npos);
}

TEST(Top, AServiceThatIsGoneIsSaid) {
  Moment moment;
  moment.server = "http://x";
  moment.problem = "refused \x1b[31m";
  const std::string text = all(moment, {80, 24});
  EXPECT_NE(text.find("not reached"), std::string::npos);
  EXPECT_NE(text.find("! refused"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Top, WithoutAnEarlierLookThereAreNoRates) {
  Moment moment = busy();
  moment.between = 0;
  EXPECT_NE(all(moment, {200, 0}).find("3 active   -   failed -"), std::string::npos);
}

}  // namespace
}  // namespace testgen::operations
