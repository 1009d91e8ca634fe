// Which findings --reproduce is about, what it says of a run, and what it does not go with.
#include "app/reproduce_run.h"

#include <gtest/gtest.h>

#include "app/cli.h"

namespace testgen::app {
namespace {

scan::Finding finding(std::uint32_t cwe, scan::Severity severity = scan::Severity::High) {
  scan::Finding out;
  out.cwe = cwe;
  out.severity = severity;
  return out;
}

TEST(ReproduceRun, IsAboutOpenFindingsOfTextThatAreShown) {
  EXPECT_TRUE(can_be_reproduced(finding(78), scan::Severity::Low));
  EXPECT_FALSE(can_be_reproduced(finding(327), scan::Severity::Low));
  EXPECT_FALSE(can_be_reproduced(finding(78, scan::Severity::Low), scan::Severity::High));
  scan::Finding accepted = finding(78);
  accepted.suppressed = "in the baseline";
  EXPECT_FALSE(can_be_reproduced(accepted, scan::Severity::Low));
}

TEST(ReproduceRun, SaysHowManyAndWhere) {
  ReproduceOutcome outcome;
  outcome.tried = 1;
  EXPECT_EQ(describe(outcome), "reproduced 0 of 1 finding");
  outcome = {3, 2, {"t/test_security_a.py", "t/test_security_b_testgen.py"}, {"b is not ours"}, {}};
  EXPECT_EQ(describe(outcome),
            "reproduced 2 of 3 findings; tests in t/test_security_a.py, "
            "t/test_security_b_testgen.py; b is not ours");
}

base::Result<Action> parse(std::vector<std::string> words) {
  return parse_command_line(
      words, {.variable = [](std::string_view) { return std::nullopt; }, .folder = "/"});
}

TEST(ReproduceRun, TheCommandRefusesWhatItDoesNotGoWith) {
  const auto alone = parse({"scan", "a.py", "--reproduce"});
  ASSERT_TRUE(alone) << describe(alone.error());
  EXPECT_TRUE(std::get<Scan>(*alone).settings.reproduce);
  EXPECT_EQ(std::get<Scan>(*alone).settings.reproduce_output, "generated-tests");
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--fix"}, {"--server", "http://localhost:1"}}) {
    std::vector<std::string> words{"scan", "a.py", "--reproduce"};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_FALSE(parse(words)) << more[0];
  }
  EXPECT_FALSE(parse({"scan", "baseline", "create", ".", "--baseline", "b.json", "--reproduce"}));
}

}  // namespace
}  // namespace testgen::app
