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
                     const std::vector<std::pair<std::string, std::string>>& tests) {
    EXPECT_TRUE(
        base::write_file_atomic(folder_.path() / "target.py",
                                "def sign(x):\n    if x < 0:\n        return -1\n    return 1\n"));
    VerifyRequest request;
    request.file_name = "test_target.py";
    request.render = [&](const std::vector<model::TestCase>& kept, const std::filesystem::path&,
                         model::SuiteLayout) {
      model::RenderedSuite suite;
      suite.text = "import sys\nsys.path.insert(0, '" + folder_.path().string() + "')\n" +
                   preamble + "\nimport target\n";
      for (std::size_t i = 0; i < kept.size(); ++i) {
        suite.text += "def " + kept[i].name + "():\n    " + kept[i].statements.front() + "\n";
        for (const auto& assertion : kept[i].assertions) {
          suite.text += "    assert " + assertion.expression + " == " + assertion.literal + "\n";
        }
        suite.items.push_back({kept[i].name, {i}});
      }
      return suite;
    };
    for (const auto& [name, body] : tests) {
      model::TestCase test;
      test.name = name;
      test.statements = {body};
      request.tests.push_back(test);
    }
    WarmRunners runners(sandbox_, {.interpreter = "/usr/bin/python3",
                                   .read_only = {folder_.path()},
                                   .source = folder_.path() / "target.py"});
    auto result = verify(std::move(request), runners, [](double) {}, {});
    EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
    return result ? *std::move(result) : Verification{};
  }

  static std::vector<std::string> names(const Verification& verification) {
    std::vector<std::string> out;
    for (const auto& test : verification.kept) out.push_back(test.name);
    return out;
  }

  base::TempDir folder_ = *base::TempDir::create("testgen-verifier");
  sandbox::BubblewrapSandbox sandbox_;
};

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
  EXPECT_NE(result.dropped[0].reason.find("`assert target.sign(3) == 2` did not hold"), std::string::npos);
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

TEST_F(VerifierTest, AFileThatCannotBeCollectedKeepsNothing) {
  const auto result = check("import no_such_module", {{"test_one", "assert True"}});
  EXPECT_TRUE(result.kept.empty());
  EXPECT_NE(result.dropped[0].reason.find("no_such_module"), std::string::npos);
}

}  // namespace
}  // namespace testgen::verify
