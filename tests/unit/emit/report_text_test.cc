#include "emit/report_text.h"

#include <gtest/gtest.h>

namespace testgen::emit {
namespace {

using namespace std::chrono_literals;

RunReport small_run() {
  RunReport run;
  run.tool_version = "0.1.0";
  run.output = "out";
  run.elapsed = 5s;
  run.test_command = "python3 -m pytest out";
  ModuleOutcome calc;
  calc.report.source_path = "calc.py";
  calc.report.module_name = "calc";
  calc.report.functions_total = 12;
  calc.report.functions_tested = 11;
  calc.report.tests_kept = 34;
  calc.report.coverage = model::Coverage{"coverage.py", 100, 97, 50, 49};
  calc.report.mutation = model::MutationScore{120, 50, 40, {"line 3: < became <="}};
  calc.report.elapsed = 4200ms;
  calc.report.omissions = {{"fetch", "asks the network"}};
  calc.report.suspicions = {{"half", "TypeError: no", "half('x')"}};
  calc.files = {{"out/test_calc.py", WriteOutcome::Created, ""}};
  run.modules.push_back(calc);
  ModuleOutcome broken;
  broken.report.source_path = "broken.py";
  broken.report.elapsed = 10ms;
  broken.report.error =
      base::Error{base::ErrorCode::InvalidInput, "broken.py:3:7: syntax error", "mend it"};
  run.modules.push_back(broken);
  return run;
}

TEST(ReportText, ShowsTheTableThenWhereHowAndWhy) {
  EXPECT_EQ(report_text(small_run(), {}),
            "module     functions  tests  lines  branches  mutation  time\n"
            "calc           11/12     34    97%       98%       80%  4.2s\n"
            "broken.py          -      -      -         -         -  0.0s\n"
            "total          11/12     34    97%       98%       80%  5.0s\n"
            "\n"
            "34 tests in 1 file under out\n"
            "run them: python3 -m pytest out\n"
            "\n"
            "could not be done:\n"
            "  broken.py: broken.py:3:7: syntax error (mend it)\n"
            "\n"
            "left out:\n"
            "  calc.fetch: asks the network\n"
            "\n"
            "suspicious, so not made into tests:\n"
            "  calc.half: TypeError: no from half('x')\n");
}

TEST(ReportText, SaysWhatBecameOfEarlierTests) {
  using Reason = model::RetiredTests::Reason;
  RunReport run = small_run();
  run.modules[0].report.tests_standing = 30;
  run.modules[0].report.retired = {
      {"Cart.total", 3, Reason::Gone}, {"half", 1, Reason::Changed}, {"add", 2, Reason::Stale}};
  EXPECT_NE(
      report_text(run, {}).find("kept from before: 30 tests\n"
                                "removed: 3 tests of calc.Cart.total, which is gone\n"
                                "written anew: 1 test of calc.half, which has changed\n"
                                "removed: 2 tests of calc.add, as they do not pass any more\n"),
      std::string::npos)
      << report_text(run, {});
}

TEST(ReportText, AModuleWithNothingToTestIsNoFailure) {
  RunReport run = small_run();
  run.modules[1].report.source_path = "__init__.py";
  run.modules[1].report.error = base::Error{base::ErrorCode::NothingToDo, "empty", ""};
  const std::string text = report_text(run, {});
  EXPECT_EQ(text.find("could not be done"), std::string::npos);
  EXPECT_NE(text.find("skipped:\n  __init__.py: nothing to test in it\n"), std::string::npos);
}

TEST(ReportText, HidesLongListsUnlessAsked) {
  RunReport run = small_run();
  for (int i = 0; i < 20; ++i) {
    run.modules[0].report.suspicions.push_back({"half", "TypeError: no", "half('x')"});
  }
  EXPECT_NE(report_text(run, {}).find("… and 16 more (--verbose shows all)"), std::string::npos);
  EXPECT_EQ(report_text(run, {.everything = true}).find("more"), std::string::npos);
}

TEST(ReportText, AReasonThatAllShareIsNotCut) {
  RunReport run = small_run();
  const std::string reason =
      "was not collected: `import calc` found /usr/lib/python3/dist-packages/calc.py. Install " +
      std::string("the project for this Python");
  auto& omissions = run.modules[0].report.omissions;
  omissions = {{"test_1", reason}, {"test_2", reason}};
  const std::string text = report_text(run, {});
  EXPECT_NE(text.find("left out:\n  " + reason + ": calc.test_1, calc.test_2\n"), std::string::npos)
      << text;
}

TEST(ReportText, ManyOmissionsAreGroupedByReason) {
  RunReport run = small_run();
  auto& omissions = run.modules[0].report.omissions;
  for (int i = 1; i <= 5; ++i) {
    omissions.push_back({"test_" + std::to_string(i), "did not pass again: E" + std::to_string(i)});
  }
  const std::string text = report_text(run, {});
  EXPECT_NE(text.find("left out:\n"
                      "  did not pass again: calc.test_1, calc.test_2, calc.test_3 and 2 more\n"
                      "  calc.fetch: asks the network\n"),
            std::string::npos)
      << text;
  const std::string all = report_text(run, {.everything = true});
  EXPECT_NE(all.find("  calc.test_4: did not pass again: E4\n"), std::string::npos) << all;
}

TEST(ReportText, SaysWhenNoTestCouldBeKept) {
  RunReport run = small_run();
  run.modules[0].report.tests_kept = 0;
  run.modules[0].files.clear();
  EXPECT_NE(report_text(run, {}).find("\nno test could be kept\n\ncould not be done:"),
            std::string::npos);
}

TEST(ReportText, MissedTargetsAreNamed) {
  RunReport run = small_run();
  run.targets = {{"coverage", 85, 97.3}, {"mutation", 85, 84.99}, {"quality", 50, std::nullopt}};
  EXPECT_NE(report_text(run, {}).find("targets missed:\n"
                                      "  mutation is 84.9%, the target is 85%\n"
                                      "  quality was not measured, the target is 50%\n"),
            std::string::npos);
}

TEST(ReportText, NamesFilesThatWentBesideAndFilesThatFailed) {
  RunReport run = small_run();
  run.modules[0].files[0] = {"out/test_calc_testgen.py", WriteOutcome::Beside,
                             "test_calc.py was edited, so it was left alone"};
  run.modules[0].write_errors = {
      {base::ErrorCode::ResourceExhausted, "cannot write out/x: No space left", ""}};
  run.interrupted = true;
  const std::string text = report_text(run, {});
  EXPECT_NE(text.find("out/test_calc_testgen.py: written here because test_calc.py was edited"),
            std::string::npos);
  EXPECT_NE(text.find("calc: cannot write out/x: No space left"), std::string::npos);
  EXPECT_NE(text.find("interrupted:"), std::string::npos);
}

TEST(ReportText, TextOfUserCodeCannotReachTheTerminal) {
  RunReport run = small_run();
  run.modules[0].report.module_name = "\x1b]0;owned\x07";
  run.modules[0].report.suspicions[0].exception = "E\x1b[2J";
  EXPECT_EQ(report_text(run, {}).find('\x1b'), std::string::npos);
}

TEST(ReportText, PercentNeverRoundsUpToAll) {
  EXPECT_EQ(percent(9999, 10000), "99%");
  EXPECT_EQ(percent(3, 3), "100%");
  EXPECT_EQ(percent(0, 7), "0%");
  EXPECT_EQ(percent(0, 0), "-");
}

TEST(ReportText, ShortTimes) {
  EXPECT_EQ(short_time(0ms), "0.0s");
  EXPECT_EQ(short_time(9940ms), "9.9s");
  EXPECT_EQ(short_time(9960ms), "10s");
  EXPECT_EQ(short_time(65s), "1m05s");
}

}  // namespace
}  // namespace testgen::emit
