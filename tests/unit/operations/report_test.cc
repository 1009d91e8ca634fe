#include "operations/report/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace testgen::operations {
namespace {

Report sample() {
  Report report{.kind = "daily", .title = "Checklist", .made = {}, .span = "the last 24 hours"};
  Item good{"a", "Good <one>", {{.name = "errors", .value = 0.0, .bar = {Bound::AtMost, 0}}}, ""};
  Item bad{"b", "Bad|one", {}, "look at it"};
  bad.figures.push_back({.name = "memory",
                         .of = "x*y",
                         .value = 0.95,
                         .unit = Unit::Ratio,
                         .bar = {Bound::AtMost, 0.9},
                         .verdict = Verdict::Bad});
  Item unknown{"c", "Unknown", {}, ""};
  unknown.figures.push_back(
      {.name = "disk", .verdict = Verdict::Unknown, .note = "no such series"});
  Item idle{"d", "Idle", {}, ""};
  idle.figures.push_back({.name = "hits", .verdict = Verdict::NotApplicable, .note = "none"});
  Table table{"t", "Table", {"what", "how"}, {{"a", "\x1b[31mred"}}, {"a note"}};
  report.sections = {{"First", {good, bad, unknown, idle}, {table}}};
  report.unreachable = {"Prometheus at http://x: refused"};
  return report;
}

TEST(ReportUnits, FiguresAreShortAndHonest) {
  EXPECT_EQ(figure_text(0.9996, Unit::Ratio), "99.96 %");
  EXPECT_EQ(figure_text(0.9999999, Unit::Ratio), "99.999 %");
  EXPECT_EQ(figure_text(0.999, Unit::Ratio), "99.9 %");
  EXPECT_EQ(figure_text(1, Unit::Ratio), "100 %");
  EXPECT_EQ(figure_text(0.1234, Unit::Ratio), "12.3 %");
  EXPECT_EQ(figure_text(0.25, Unit::Seconds), "250 ms");
  EXPECT_EQ(figure_text(93784, Unit::Seconds), "26 h 3 min");
  EXPECT_EQ(figure_text(200000, Unit::Seconds), "2 d 7 h");
  EXPECT_EQ(figure_text(536870912, Unit::Bytes), "512 MiB");
  EXPECT_EQ(figure_text(1.5, Unit::Dollars), "$1.50");
  EXPECT_EQ(figure_text(0.00042, Unit::Dollars), "$0.000420");
  EXPECT_EQ(figure_text(std::nan(""), Unit::Count), "no value");
  EXPECT_EQ(figure_text(INFINITY, Unit::Ratio), "without bound");
}

TEST(Report, TheWorstFigureIsTheItemsAndTheWorstItemTheReports) {
  const Report report = sample();
  const auto& items = report.sections[0].items;
  EXPECT_EQ(items[0].verdict(), Verdict::Good);
  EXPECT_EQ(items[1].verdict(), Verdict::Bad);
  EXPECT_EQ(items[2].verdict(), Verdict::Unknown);
  EXPECT_EQ(items[3].verdict(), Verdict::NotApplicable);
  EXPECT_EQ(report.verdict(), Verdict::Bad);
  Item mixed = items[3];
  mixed.figures.push_back(items[0].figures[0]);
  EXPECT_EQ(mixed.verdict(), Verdict::Good);
  mixed.figures.push_back(items[2].figures[0]);
  EXPECT_EQ(mixed.verdict(), Verdict::Unknown);
}

TEST(Report, TheBarItselfIsGood) {
  EXPECT_EQ(judge(0.9, {Bound::AtMost, 0.9}), Verdict::Good);
  EXPECT_EQ(judge(0.91, {Bound::AtMost, 0.9}), Verdict::Bad);
  EXPECT_EQ(judge(0.9, {Bound::AtLeast, 0.9}), Verdict::Good);
  EXPECT_EQ(judge(0.89, {Bound::AtLeast, 0.9}), Verdict::Bad);
  EXPECT_EQ(judge(std::nan(""), {Bound::AtLeast, 0.9}), Verdict::Unknown);
}

TEST(Report, TextTicksWhatIsGoodAndSaysWhatToDo) {
  const std::string text = render(sample(), ReportFormat::Text);
  for (const char* part : {"[x] Good <one>", "[ ] Bad|one", "[?] Unknown", "[-] Idle",
                           "95 %  at most 90 %  <-- misses its bar", "do: look at it",
                           "no such series  <-- unknown", "a note", "not reached: Prometheus",
                           "1 good, 1 not as they should be, 1 unknown, 1 with nothing to judge"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Report, MarkupIsEscaped) {
  const std::string markdown = render(sample(), ReportFormat::Markdown);
  EXPECT_NE(markdown.find("- [x] Good \\<one\\>"), std::string::npos) << markdown;
  EXPECT_NE(markdown.find("- [ ] Bad\\|one"), std::string::npos);
  EXPECT_NE(markdown.find("memory, x\\*y: **95 %**"), std::string::npos);
  EXPECT_NE(markdown.find("| what | how |"), std::string::npos);
  const std::string html = render(sample(), ReportFormat::Html);
  EXPECT_NE(html.find("Good &lt;one&gt;"), std::string::npos);
  EXPECT_EQ(html.find("<one>"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST(Report, JsonHasEveryVerdictAndNoNan) {
  Report report = sample();
  report.sections[0].items[0].figures[0].value = std::nan("");
  const auto document = nlohmann::json::parse(render(report, ReportFormat::Json));
  EXPECT_EQ(document["verdict"], "bad");
  EXPECT_EQ(document["counts"]["unknown"], 1);
  const auto& items = document["sections"][0]["items"];
  EXPECT_TRUE(items[0]["figures"][0]["value"].is_null());
  EXPECT_EQ(items[1]["figures"][0]["bar"]["bound"], "at_most");
  EXPECT_EQ(items[1]["advice"], "look at it");
  EXPECT_EQ(document["sections"][0]["tables"][0]["header"][1], "how");
  EXPECT_EQ(document["unreachable"].size(), 1U);
  EXPECT_EQ(report_format_from("xml"), std::nullopt);
}

}  // namespace
}  // namespace testgen::operations
