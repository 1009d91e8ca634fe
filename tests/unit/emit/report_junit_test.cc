#include "emit/report_junit.h"

#include <gtest/gtest.h>

#include "emit/run_totals.h"
#include "emit/xml.h"

namespace testgen::emit {
namespace {

using namespace std::chrono_literals;

TEST(Xml, EscapesWhatMarkupAndXmlItselfCannotCarry) {
  EXPECT_EQ(xml_escape("a<b & \"c\">"), "a&lt;b &amp; &quot;c&quot;&gt;");
  EXPECT_EQ(xml_escape("one\n\ttwo"), "one\n\ttwo");
  const std::string odd = xml_escape(std::string("\x00\x1b\xff", 3));
  for (const char c : odd) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << odd;
  EXPECT_EQ(xml_tag("a", {{"k", "<"}}, "/>"), "<a k=\"&lt;\"/>");
}

TEST(ReportJunit, HasACaseForEachTestOmissionErrorAndTarget) {
  RunReport run;
  run.elapsed = 2500ms;
  ModuleOutcome good;
  good.report.module_name = "shop.cart";
  good.report.elapsed = 1250ms;
  good.report.tests = {{"test_total", "Cart.total"}};
  good.report.omissions = {{"fetch", "asks the <network>"}};
  ModuleOutcome bad;
  bad.report.source_path = "bad.py";
  bad.report.error = base::Error{base::ErrorCode::InvalidInput, "broken", "mend it"};
  ModuleOutcome empty;
  empty.report.source_path = "__init__.py";
  empty.report.error = base::Error{base::ErrorCode::NothingToDo, "nothing in it", ""};
  run.modules = {good, bad, empty};
  run.targets = {{"coverage", 80, 90.0}, {"mutation", 80, 20.0}};
  EXPECT_EQ(
      report_junit(run),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"testgen\" time=\"2.500\">\n"
      "  <testsuite name=\"shop.cart\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\" "
      "time=\"1.250\">\n"
      "    <testcase classname=\"shop.cart.Cart.total\" name=\"test_total\"/>\n"
      "    <testcase classname=\"shop.cart\" name=\"fetch\">\n"
      "      <skipped message=\"asks the &lt;network&gt;\"/>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "  <testsuite name=\"bad.py\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" "
      "time=\"0.000\">\n"
      "    <testcase classname=\"bad.py\" name=\"generate\">\n"
      "      <error message=\"broken (mend it)\"/>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "  <testsuite name=\"__init__.py\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" "
      "time=\"0.000\">\n"
      "    <testcase classname=\"__init__.py\" name=\"generate\">\n"
      "      <skipped message=\"nothing in it\"/>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "  <testsuite name=\"testgen.targets\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" "
      "time=\"0.000\">\n"
      "    <testcase classname=\"testgen.targets\" name=\"coverage\"/>\n"
      "    <testcase classname=\"testgen.targets\" name=\"mutation\">\n"
      "      <failure message=\"mutation is 20%, the target is 80%\"/>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "</testsuites>\n");
}

TEST(RunTotals, TargetsAreJudgedOverAllModules) {
  RunReport run;
  run.modules.resize(3);
  run.modules[0].report.coverage = model::Coverage{"coverage.py", 80, 80, 20, 10};
  run.modules[0].report.mutation = model::MutationScore{10, 10, 9, {}};
  run.modules[0].report.quality = 0.9;
  run.modules[1].report.coverage = model::Coverage{"coverage.py", 100, 0, 0, 0};
  run.modules[1].report.quality = 0.5;
  run.modules[2].report.error = base::Error{base::ErrorCode::InvalidInput, "broken", ""};
  const auto targets = check_targets(run, {.coverage = 45, .mutation = 90.5, .quality = 70});
  ASSERT_EQ(targets.size(), 3U);
  EXPECT_DOUBLE_EQ(*targets[0].reached, 45);  // 90 of 200 lines and branches
  EXPECT_TRUE(targets[0].met());
  EXPECT_FALSE(targets[1].met());
  EXPECT_DOUBLE_EQ(*targets[2].reached, 70);
  EXPECT_TRUE(check_targets(run, {}).empty());
  EXPECT_FALSE(check_targets({}, {.coverage = 1})[0].met());
}

}  // namespace
}  // namespace testgen::emit
