#include "operations/weekly/alert_review.h"

#include <gtest/gtest.h>

namespace testgen::operations {
namespace {

constexpr double kStart = 1'700'000'000;

base::WallTime at(double seconds) {
  return base::WallTime(std::chrono::duration_cast<base::WallTime::duration>(
      std::chrono::duration<double>(kStart + seconds)));
}

// Points a minute apart, from and to in minutes.
Series firing(const std::string& name, const std::vector<std::pair<int, int>>& spans,
              const std::string& instance = "a") {
  Series out{{{"__name__", "ALERTS"},
              {"alertname", name},
              {"alertstate", "firing"},
              {"instance", instance}},
             {}};
  for (const auto& [from, to] : spans) {
    for (int minute = from; minute <= to; ++minute)
      out.points.emplace_back(kStart + minute * 60, 1);
  }
  return out;
}

AlertEvidence evidence() {
  AlertEvidence out;
  out.rules = {{"Slow", "p95 > 2", std::chrono::seconds(300), "warning"},
               {"Quiet", "x > 1", std::chrono::seconds(60), "warning"}};
  out.until = kStart + 7 * 86400;
  return out;
}

const AlertHistory& of(const std::vector<AlertHistory>& histories, const std::string& name) {
  for (const AlertHistory& history : histories) {
    if (history.rule.name == name) return history;
  }
  static const AlertHistory none;
  ADD_FAILURE() << name;
  return none;
}

TEST(AlertReview, EpisodesAreCountedAndTimed) {
  AlertEvidence given = evidence();
  given.firing = {firing("Slow", {{100, 109}, {200, 219}})};
  // The condition began five minutes before the first episode.
  given.pending = {{{{"alertname", "Slow"}, {"instance", "a"}}, {}}};
  for (int minute = 95; minute < 110; ++minute) {
    given.pending[0].points.emplace_back(kStart + minute * 60, kStart + 95 * 60);
  }
  given.notifications = {{"Slow", true, kStart + 100 * 60 + 30},
                         {"Slow", false, kStart + 111 * 60},
                         {"Other", true, kStart + 100 * 60}};
  given.silences = {{"Slow", at(104 * 60), "ann", "looking"}};
  const auto histories = alert_histories(given);
  ASSERT_EQ(histories.size(), 2U);
  const AlertFigures figures = alert_figures(of(histories, "Slow"));
  EXPECT_EQ(figures.fired, 2U);
  EXPECT_EQ(figures.labelled_false, 0U);
  EXPECT_EQ(figures.to_fire, 300);
  EXPECT_EQ(figures.to_notify, 30);
  EXPECT_EQ(figures.acknowledged, 1U);
  EXPECT_EQ(figures.to_acknowledge, 240);
  EXPECT_EQ(figures.to_resolve, 15 * 60);
  EXPECT_EQ(alert_figures(of(histories, "Quiet")).fired, 0U);
  EXPECT_EQ(alert_advice(of(histories, "Quiet")), "silent this week");
}

TEST(AlertReview, SeriesThatFireTogetherAreOneEpisode) {
  AlertEvidence given = evidence();
  given.firing = {firing("Slow", {{10, 20}}, "a"), firing("Slow", {{15, 30}}, "b"),
                  firing("Slow", {{50, 60}}, "b")};
  const AlertFigures figures = alert_figures(of(alert_histories(given), "Slow"));
  EXPECT_EQ(figures.fired, 2U);
}

TEST(AlertReview, WhatStillFiresHasNoEnd) {
  AlertEvidence given = evidence();
  given.until = kStart + 20 * 60;
  given.firing = {firing("Slow", {{10, 20}})};
  const auto histories = alert_histories(given);
  ASSERT_EQ(of(histories, "Slow").episodes.size(), 1U);
  EXPECT_FALSE(of(histories, "Slow").episodes[0].resolved);
  EXPECT_FALSE(alert_figures(of(histories, "Slow")).to_resolve);
}

TEST(AlertReview, AdviceComesFromTheEpisodes) {
  AlertEvidence given = evidence();
  // Two false ones of three and five minutes, a true one of an hour.
  given.firing = {firing("Slow", {{100, 102}, {200, 204}, {300, 359}})};
  given.silences = {{"Slow", at(103 * 60), "ann", "False positive: a backup"},
                    {"Slow", at(210 * 60), "ann", "false alarm"}};
  EXPECT_EQ(alert_advice(of(alert_histories(given), "Slow")),
            "2 of 3 were false: a `for` of 10 min would have kept them silent, and no true one");
  // A true one shorter than the longest false one: waiting would hide it.
  given.firing = {firing("Slow", {{100, 102}, {200, 204}, {300, 301}})};
  EXPECT_EQ(alert_advice(of(alert_histories(given), "Slow")),
            "2 of 3 were false: raise its threshold; a longer `for` would also silence true ones");
  given.silences.clear();
  given.firing = {firing("Slow", {{1, 2}, {11, 12}, {21, 22}, {31, 32}, {41, 42}})};
  EXPECT_EQ(alert_advice(of(alert_histories(given), "Slow")),
            "flaps: 5 times, half of them shorter than 2 min; add keep_firing_for: 5 min");
  given.rules[0].severity = "critical";
  given.firing = {firing("Slow", {{1, 20}})};
  EXPECT_NE(alert_advice(of(alert_histories(given), "Slow")).find("nobody took it up"),
            std::string::npos);
}

TEST(AlertReview, OnlyTheBeginningOfACommentIsAVerdict) {
  EXPECT_TRUE(calls_it_false("  False Positive, a backup"));
  EXPECT_TRUE(calls_it_false("false: test"));
  EXPECT_FALSE(calls_it_false("not a false positive"));
  EXPECT_FALSE(calls_it_false(""));
}

}  // namespace
}  // namespace testgen::operations
