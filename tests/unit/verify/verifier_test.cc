// The verifier with real pytest in the real sandbox: what must be dropped is dropped.
#include "verify/verifier.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file_system.h"
#include "sandbox/bubblewrap.h"

namespace testgen::verify {
namespace {

class VerifierTest : public ::testing::Test {
 protected:
  Verification check(const std::string& preamble,
                     const std::vector<std::pair<std::string, std::string>>& bodies) {
    std::vector<model::TestCase> tests;
    for (const auto& [name, body] : bodies) {
      model::TestCase test;
      test.name = name;
      test.statements = {body};
      tests.push_back(test);
    }
    return check_tests(preamble, std::move(tests));
  }

  Verification check_tests(const std::string& preamble, std::vector<model::TestCase> tests) {
    EXPECT_TRUE(
        base::write_file_atomic(folder_.path() / "target.py",
                                "def sign(x):\n    if x < 0:\n        return -1\n    return 1\n"));
    VerifyRequest request;
    request.file_name = "test_target.py";
    request.module = "target";
    request.source = folder_.path() / "target.py";
    request.render = [&](const std::vector<model::TestCase>& kept, const std::filesystem::path&,
                         model::SuiteLayout) {
      model::RenderedSuite suite;
      suite.text = "import sys\nsys.path.insert(0, '" + folder_.path().string() + "')\n" +
                   preamble + "\nimport target\n";
      for (std::size_t i = 0; i < kept.size(); ++i) {
        const bool unittest = framework_ == model::Framework::Unittest;
        const std::string indent = unittest ? "    " : "";
        if (unittest) suite.text += "class T" + std::to_string(i) + "(unittest.TestCase):\n";
        suite.text += indent + "def " + kept[i].name + (unittest ? "(self):\n" : "():\n") + indent +
                      "    " + kept[i].statements.front() + "\n";
        for (const auto& assertion : kept[i].assertions) {
          suite.text +=
              indent + "    " +
              (unittest
                   ? "self.assertEqual(" + assertion.expression + ", " + assertion.literal + ")\n"
                   : "assert " + assertion.expression + " == " + assertion.literal + "\n");
        }
        suite.items.push_back(
            {unittest ? "T" + std::to_string(i) + "." + kept[i].name : kept[i].name, {i}});
      }
      return suite;
    };
    request.tests = std::move(tests);
    if (budget_) request.deadline = std::chrono::steady_clock::now() + *budget_;
    WarmRunners runners(sandbox_, {.interpreter = "/usr/bin/python3",
                                   .read_only = {folder_.path()},
                                   .framework = framework_,
                                   .source = folder_.path() / "target.py"});
    auto result = verify(std::move(request), runners, [](double) {}, {});
    EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
    return result ? *std::move(result) : Verification{};
  }

  static std::string today() {
    return base::format_rfc3339(base::SystemClock().wall_now()).substr(0, 10);
  }

  static std::vector<std::string> names(const Verification& verification) {
    std::vector<std::string> out;
    for (const auto& test : verification.kept) out.push_back(test.name);
    return out;
  }

  static model::TestCase asserting(const char* name, std::vector<model::Assertion> assertions) {
    model::TestCase test;
    test.name = name;
    test.statements = {"x = target.sign(3)"};
    test.assertions = std::move(assertions);
    return test;
  }

  model::Framework framework_ = model::Framework::Pytest;
  std::optional<std::chrono::milliseconds> budget_;
  base::TempDir folder_ = *base::TempDir::create("testgen-verifier");
  sandbox::BubblewrapSandbox sandbox_;
};

std::string reasons(const Verification& result) {
  std::string out;
  for (const model::Omission& omission : result.dropped) {
    out += omission.subject + ": " + omission.reason + "\n";
  }
  return out;
}

TEST_F(VerifierTest, KeepsWhatPassesAndMeasuresIt) {
  const auto result = check("", {{"test_one", "assert target.sign(3) == 1"}});
  EXPECT_EQ(names(result), std::vector<std::string>{"test_one"});
  EXPECT_EQ(result.passes, 5);
  ASSERT_TRUE(result.coverage);
  EXPECT_EQ(result.coverage->branches_total, 2U);
  EXPECT_EQ(result.coverage->branches_covered, 1U);
}

TEST_F(VerifierTest, DropsWhatFailsAndSaysWhy) {
  const auto result = check("", {{"test_good", "assert target.sign(3) == 1"},
                                 {"test_bad", "assert target.sign(3) == 2"}});
  EXPECT_EQ(names(result), std::vector<std::string>{"test_good"});
  ASSERT_EQ(result.dropped.size(), 1U);
  EXPECT_EQ(result.dropped[0].subject, "test_bad");
  EXPECT_NE(result.dropped[0].reason.find("`assert target.sign(3) == 2` did not hold"),
            std::string::npos);
}

TEST_F(VerifierTest, DropsWhatDependsOnHashSeedTimeZoneOrOrder) {
  const auto result =
      check("import os, time\nSEEN = []", {{"test_hash", "assert hash('a') % 2 == 0"},
                                           {"test_zone", "assert time.tzname[0] == 'UTC'"},
                                           {"test_order", "SEEN.append(1); assert len(SEEN) == 1"},
                                           {"test_after", "SEEN.append(1); assert len(SEEN) == 2"},
                                           {"test_steady", "assert target.sign(-1) == -1"}});
  const auto kept = names(result);
  EXPECT_TRUE(std::count(kept.begin(), kept.end(), "test_steady"));
  EXPECT_FALSE(std::count(kept.begin(), kept.end(), "test_zone"));
  EXPECT_FALSE(std::count(kept.begin(), kept.end(), "test_hash"));
}

TEST_F(VerifierTest, DropsOnlyTheAssertionThatMoves) {
  const auto result = check_tests(
      "import os", {asserting("test_mixed", {{"x", "1"}, {"os.environ['TZ']", "'UTC'"}}),
                    asserting("test_moving", {{"os.environ['PYTHONHASHSEED']", "'1'"}})});
  EXPECT_EQ(names(result), std::vector<std::string>{"test_mixed"});
  ASSERT_EQ(result.kept[0].assertions.size(), 1U);
  EXPECT_EQ(result.kept[0].assertions[0].expression, "x");
  EXPECT_EQ(result.assertions_dropped, 1U);
  ASSERT_EQ(result.dropped.size(), 1U);
  EXPECT_EQ(result.dropped[0].subject, "test_moving");
}

TEST_F(VerifierTest, DropsWhatDependsOnTheDate) {
  const auto result = check(
      "import datetime, time\nYEAR = datetime.datetime.now().year\nstart = time.time()",
      {{"test_year", "assert datetime.date.today().strftime('%Y-%m-%d') == '" + today() + "'"},
       {"test_interval", "assert 0 <= time.time() - start < 60"}});
  EXPECT_EQ(names(result), std::vector<std::string>{"test_interval"});
}

TEST_F(VerifierTest, UnittestRunsItsOwnFiles) {
  framework_ = model::Framework::Unittest;
  const auto result = check_tests(
      "import os, unittest", {asserting("test_good", {{"x", "1"}, {"os.environ['TZ']", "'UTC'"}}),
                              asserting("test_bad", {{"x", "2"}})});
  EXPECT_EQ(names(result), std::vector<std::string>{"test_good"});
  EXPECT_EQ(result.kept[0].assertions.size(), 1U);
  ASSERT_TRUE(result.coverage);
  EXPECT_EQ(result.coverage->branches_covered, 1U);
}

// A loop in C looks at no signals.
TEST_F(VerifierTest, CodeThatHangsInCIsCutShort) {
  budget_ = std::chrono::milliseconds(8'000);
  const auto before = std::chrono::steady_clock::now();
  const auto result = check("import collections, itertools",
                            {{"test_one", "assert target.sign(3) == 1"},
                             {"test_hang", "collections.deque(itertools.repeat(1), maxlen=0)"},
                             {"test_two", "assert target.sign(-3) == -1"}});
  EXPECT_EQ(names(result), (std::vector<std::string>{"test_one", "test_two"}));
  ASSERT_EQ(result.dropped.size(), 1U);
  EXPECT_NE(result.dropped[0].reason.find("hung"), std::string::npos) << result.dropped[0].reason;
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(8'800));
}

TEST_F(VerifierTest, ASlowTestIsDroppedWhenTimeCounts) {
  const std::vector<std::pair<std::string, std::string>> tests{
      {"test_slow", "time.sleep(1.2)"}, {"test_fast", "assert target.sign(3) == 1"}};
  EXPECT_EQ(names(check("import time", tests)).size(), 2U);
  budget_ = std::chrono::milliseconds(15'000);
  EXPECT_EQ(names(check("import time", tests)), std::vector<std::string>{"test_fast"});
}

TEST_F(VerifierTest, ATestThatKillsTheWholeSessionLeavesTheOthers) {
  const auto result = check("import os, signal", {{"test_one", "assert target.sign(3) == 1"},
                                                  {"test_kill", "os.kill(os.getppid(), 9)"},
                                                  {"test_two", "assert target.sign(-3) == -1"}});
  EXPECT_EQ(names(result), (std::vector<std::string>{"test_one", "test_two"})) << reasons(result);
}

// The last pass alone has this hash seed.
TEST_F(VerifierTest, ATestThatKillsTheWholeSessionInTheLastPassLeavesTheOthers) {
  std::vector<std::pair<std::string, std::string>> bodies{
      {"test_kill", "if os.environ['PYTHONHASHSEED'] == '0': os.kill(os.getppid(), 9)"}};
  std::vector<std::string> innocent;
  for (const char letter : std::string("abcdefghijkl")) {
    innocent.push_back(std::string("test_") + letter);
    bodies.emplace_back(innocent.back(), "assert target.sign(3) == 1");
  }
  const auto result = check("import os", bodies);
  EXPECT_EQ(names(result), innocent) << reasons(result);
}

TEST_F(VerifierTest, ASuiteThatEndsItsProcessKeepsNothing) {
  const auto result = check("import os", {{"test_exit", "os._exit(0)"}});
  EXPECT_TRUE(result.kept.empty());
  ASSERT_EQ(result.dropped.size(), 1U);
}

TEST_F(VerifierTest, ATestThatEndsItsProcessLeavesTheOthers) {
  const auto result = check("import os", {{"test_one", "assert target.sign(3) == 1"},
                                          {"test_exit", "os._exit(0)"},
                                          {"test_two", "assert target.sign(-3) == -1"}});
  EXPECT_EQ(names(result), (std::vector<std::string>{"test_one", "test_two"}));
  ASSERT_EQ(result.dropped.size(), 1U);
  EXPECT_NE(result.dropped[0].reason.find("ended or stopped its process"), std::string::npos);
}

TEST_F(VerifierTest, AnotherModuleOfThatNameIsNoProof) {
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "first" / "target.py",
                                      "def sign(x):\n    return 1\n"));
  for (const auto framework : {model::Framework::Pytest, model::Framework::Unittest}) {
    framework_ = framework;
    const std::string runner = framework == model::Framework::Unittest ? "import unittest\n" : "";
    const auto verified =
        check(runner + "sys.path.insert(0, '" + (folder_.path() / "first").string() + "')",
              {{"test_passes_with_both", "assert target.sign(5) == 1"}});
    EXPECT_TRUE(verified.kept.empty());
    ASSERT_EQ(verified.dropped.size(), 1U);
    EXPECT_NE(verified.dropped.front().reason.find("`import target` found " +
                                                   (folder_.path() / "first/target.py").string()),
              std::string::npos)
        << verified.dropped.front().reason;
  }
}

TEST_F(VerifierTest, AFileThatCannotBeCollectedKeepsNothing) {
  const auto result = check("import no_such_module", {{"test_one", "assert True"}});
  EXPECT_TRUE(result.kept.empty());
  EXPECT_NE(result.dropped[0].reason.find("no_such_module"), std::string::npos);
}

}  // namespace
}  // namespace testgen::verify
