// The tables of queries: every item has figures, every figure an item, and nothing is left open.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "operations/checklist/daily_table.h"
#include "operations/queries.h"
#include "operations/weekly/weekly_table.h"

namespace testgen::operations {
namespace {

TEST(OperationsTables, EveryDailyItemHasFiguresAndAdvice) {
  std::set<std::string_view> items;
  for (const DailyItem& item : daily_items()) {
    EXPECT_TRUE(items.insert(item.id).second) << item.id;
    EXPECT_FALSE(item.advice.empty()) << item.id;
  }
  std::set<std::string_view> used;
  for (const DailyFigure& figure : daily_figures()) {
    EXPECT_TRUE(items.contains(figure.item)) << figure.item;
    used.insert(figure.item);
    // Without a presence there is nothing to say when there is no figure.
    EXPECT_EQ(figure.presence.empty(), figure.idle.empty()) << figure.name;
  }
  EXPECT_EQ(used, items);
}

// The specification's own words, each with what stands for it.
TEST(OperationsTables, TheSpecificationsListIsComplete) {
  std::set<std::string_view> titles;
  for (const DailyItem& item : daily_items()) titles.insert(item.title);
  for (const char* title :
       {"Check service uptime", "Review error rates and alerts", "Verify all health checks passing",
        "Check response time trends", "Review resource utilization: CPU and load",
        "Review resource utilization: memory", "Review resource utilization: disk I/O and space",
        "Review resource utilization: network", "Review resource utilization: containers",
        "Monitor cache performance", "Review test generation volume",
        "Check LLM API usage and costs", "Monitor user engagement", "Review security scan results",
        "Check for unusual access patterns", "Monitor failed authentication attempts"}) {
    EXPECT_TRUE(titles.contains(title)) << title;
  }
}

TEST(OperationsTables, EveryWeeklyItemHasFigures) {
  std::set<std::string_view> items;
  for (const WeeklyItem& item : weekly_items()) items.insert(item.id);
  std::set<std::string_view> used;
  for (const TrendFigure& figure : trend_figures()) {
    used.insert(figure.item);
    EXPECT_EQ(figure.presence.empty(), figure.idle.empty()) << figure.name;
    // Without it last week would be this week.
    EXPECT_NE(figure.expression.find("$before"), std::string_view::npos) << figure.name;
    EXPECT_TRUE(figure.better == Better::Neither || figure.least > 0) << figure.name;
  }
  EXPECT_EQ(used, items);
  for (const CapacityFigure& figure : capacity_figures()) {
    EXPECT_EQ(figure.bound > 0, !figure.remedy.empty()) << figure.id;
  }
}

TEST(OperationsTables, ExpandedQueriesAreWhole) {
  const auto document = nlohmann::json::parse(queries_json());
  EXPECT_EQ(document.size(),
            daily_figures().size() + trend_figures().size() + capacity_figures().size());
  for (const Query& query : all_queries()) {
    EXPECT_EQ(query.expression.find('$'), std::string::npos) << query.expression;
    EXPECT_EQ(query.presence.find('$'), std::string::npos) << query.presence;
  }
  EXPECT_EQ(expand("x{$service}[7d]$before", " offset 7d"),
            "x{job=\"testgen-copilot\"}[7d] offset 7d");
}

}  // namespace
}  // namespace testgen::operations
