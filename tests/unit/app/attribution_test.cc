#include "app/drills/attribution.h"

#include <gtest/gtest.h>

namespace testgen::app {
namespace {

using namespace std::chrono_literals;
using Names = std::set<std::string>;

const base::WallTime kNow{std::chrono::hours(500'000)};
const Receivers kReceivers{
    {"on-call", {{"pagerduty", {1, 1}}, {"slack", {1, 1}}, {"sns", {1, 0}}}},
    {"monitoring", {{"slack", {1, 1}}}},
    {"tickets", {{"webhook", {1, 1}}}},
    {std::string(kOwnHook), {{"webhook", {1, 1}}}},
};

AlertGroup group(const std::string& receiver, const std::string& name, Names firing,
                 Names muted = {}, base::WallTime newest = kNow) {
  return {
      receiver, R"({"alertname":")" + name + R"("})", std::move(firing), std::move(muted), {name},
      newest};
}

class AttributionTest : public ::testing::Test {
 protected:
  Attribution attribution{"HighErrorRate", kReceivers, kNow};
};

TEST_F(AttributionTest, NothingElseThereMeansEverythingIsOurs) {
  attribution.observe({});
  attribution.observe({group("on-call", "HighErrorRate", {"a"})});
  attribution.observe({group("on-call", "HighErrorRate", {"a", "b"})});
  EXPECT_EQ(attribution.others("slack"), 0);
  EXPECT_EQ(attribution.others("pagerduty"), 0);
}

TEST_F(AttributionTest, AnotherAlertMayHaveMovedWhatItsReceiverUses) {
  attribution.observe({});
  attribution.observe({group("monitoring", "SlowResponseTime", {"s"})});
  EXPECT_EQ(attribution.others("slack"), 1);
  EXPECT_EQ(attribution.names("slack"), Names{"SlowResponseTime"});
  EXPECT_EQ(attribution.others("pagerduty"), 0);
  attribution.observe({group("monitoring", "SlowResponseTime", {"s"})});
  EXPECT_EQ(attribution.others("slack"), 1) << "what does not change is told of once";
}

TEST_F(AttributionTest, EachChangeOfAGroupMayBeAMessage) {
  attribution.observe({});
  attribution.observe({group("on-call", "Other", {"a"})});
  attribution.observe({group("on-call", "Other", {"a", "b"})});
  EXPECT_EQ(attribution.others("slack"), 2);
  attribution.observe({group("on-call", "Other", {"b"})});
  attribution.observe({});
  EXPECT_EQ(attribution.others("slack"), 4);
  EXPECT_EQ(attribution.others("sns"), 2) << "a telephone hears of no end";
}

TEST_F(AttributionTest, WhatIsMutedIsNotTold) {
  attribution.observe({});
  attribution.observe({group("monitoring", "A", {}, {"s"})});
  EXPECT_EQ(attribution.others("slack"), 0);
  attribution.observe({group("monitoring", "A", {"s"})});
  EXPECT_EQ(attribution.others("slack"), 1);
  attribution.observe({group("monitoring", "A", {}, {"s"})});
  attribution.observe({});
  EXPECT_EQ(attribution.others("slack"), 1);
}

TEST_F(AttributionTest, WhatHasFiredForLongWasToldLongAgo) {
  attribution.observe({group("monitoring", "Old", {"o"}, {}, kNow - 1h),
                       group("monitoring", "Fresh", {"f"}, {}, kNow - 1min)});
  EXPECT_EQ(attribution.others("slack"), 1) << "the fresh one may be about to be told";
  attribution.observe({group("monitoring", "Fresh", {"f"}, {}, kNow - 1min)});
  EXPECT_EQ(attribution.others("slack"), 2) << "and that the old one ended as well";
}

TEST_F(AttributionTest, TheServiceItselfHearsOfTheDrilledAlertToo) {
  Attribution ticket("WarningPersists", kReceivers, kNow);
  ticket.observe({});
  ticket.observe({group("tickets", "WarningPersists", {"w"}),
                  group(std::string(kOwnHook), "HealthCheckFailing", {"h"})});
  EXPECT_EQ(ticket.others("webhook"), 1);
  attribution.observe({});
  attribution.observe({group("on-call", "HighErrorRate", {"a"}),
                       group(std::string(kOwnHook), "HighErrorRate", {"a"})});
  EXPECT_EQ(attribution.others("webhook"), 1);
  EXPECT_EQ(attribution.others("slack"), 0);
}

TEST_F(AttributionTest, GroupsThatLookAlikeAreSeveral) {
  attribution.observe({});
  attribution.observe({group("monitoring", "A", {"1"}), group("monitoring", "A", {"1"})});
  EXPECT_EQ(attribution.others("slack"), 2);
  attribution.observe({group("unknown", "A", {"1"})});
  EXPECT_EQ(attribution.others("slack"), 4);
}

}  // namespace
}  // namespace testgen::app
