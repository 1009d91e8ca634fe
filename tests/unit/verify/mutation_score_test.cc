// Mutants under real pytest in the real sandbox: what a suite notices is killed, and only that.
#include "verify/mutation_score.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file_system.h"
#include "sandbox/bubblewrap.h"

namespace testgen::verify {
namespace {

constexpr const char* kTarget =
    "import functools\n"
    "LIMIT = 3\n"
    "@functools.lru_cache(None)\n"
    "def sign(x):\n"
    "    if x < 0:\n"
    "        return -1\n"
    "    return 1\n"
    "class Base:\n"
    "    def __init__(self):\n"
    "        self.n = 1\n"
    "class Cart(Base):\n"
    "    def __init__(self):\n"
    "        super().__init__()\n"
    "    def total(self):\n"
    "        while self.n < LIMIT:\n"
    "            self.n += 1\n"
    "        return self.n\n";

class MutationScoreTest : public ::testing::Test {
 protected:
  // The mutant that replaces the first `original` after `where` in the function's own text.
  void mutate(std::vector<std::string> scope, std::uint32_t line, const std::string& text,
              const std::string& original, const std::string& replacement) {
    model::MutationUnit unit;
    unit.scope = std::move(scope);
    unit.text = text;
    unit.first_line = line;
    unit.def_line = unit.decorated_line = line;
    if (!unit.scope.empty() && unit.scope.size() > 1) unit.def_line = ++unit.decorated_line;
    if (unit.scope == std::vector<std::string>{"sign"}) unit.decorated_line = line - 1;
    model::Mutant mutant;
    mutant.operation = "test";
    mutant.unit = mutation_.units.size();
    mutant.begin = static_cast<std::uint32_t>(text.find(original));
    mutant.end = mutant.begin + static_cast<std::uint32_t>(original.size());
    mutant.original = original;
    mutant.replacement = replacement;
    mutant.line = line + static_cast<std::uint32_t>(
                             std::count(text.begin(), text.begin() + mutant.begin, '\n'));
    mutation_.units.push_back(unit);
    mutation_.mutants.push_back(mutant);
  }

  void mutate_sign(const std::string& original, const std::string& replacement) {
    mutate({"sign"}, 4, "def sign(x):\n    if x < 0:\n        return -1\n    return 1\n", original,
           replacement);
  }
  void mutate_total(const std::string& original, const std::string& replacement) {
    mutate({"Cart", "total"}, 13,
           "class Cart:\n    def total(self):\n        while _tg_w(0,self.n < LIMIT):\n"
           "            self.n += 1\n        return self.n\n",
           original, replacement);
  }

  MutationResult score(const std::string& tests, bool find_idle_tests = false) {
    EXPECT_TRUE(base::write_file_atomic(source_.path() / "target.py", kTarget));
    EXPECT_TRUE(base::write_file_atomic(folder_.path() / "test_target.py",
                                        "import sys\nsys.path.insert(0, '" +
                                            source_.path().string() + "')\nimport target\n" +
                                            tests));
    MutationRequest request;
    request.interpreter = "/usr/bin/python3";
    request.read_only = {source_.path()};
    request.folder = folder_.path();
    request.test_files = {folder_.path() / "test_target.py"};
    request.source = source_.path() / "target.py";
    request.module_name = "target";
    request.mutation = &mutation_;
    request.find_idle_tests = find_idle_tests;
    request.deadline = deadline_;
    auto result = score_mutants(sandbox_, request, {});
    EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
    return result ? *std::move(result) : MutationResult{};
  }

  // In the order of the mutants: k killed, s survived, n not reached.
  static std::string verdicts(const MutationResult& result) {
    std::string out;
    for (const MutantOutcome& outcome : result.mutants) {
      out += outcome.killed ? 'k' : outcome.reached ? 's' : 'n';
    }
    return out;
  }

  model::Mutation mutation_;
  std::chrono::milliseconds deadline_ = std::chrono::seconds(60);
  base::TempDir folder_ = *base::TempDir::create("testgen-mutation");
  base::TempDir source_ = *base::TempDir::create("testgen-target");
  sandbox::BubblewrapSandbox sandbox_;
};

TEST_F(MutationScoreTest, KillsWhatTheTestsNoticeAlsoBehindACache) {
  mutate_sign("<", "<=");
  mutate_sign("return -1", "return None");
  mutate_total("self.n < LIMIT", "False");
  const auto result =
      score("def test_one():\n    assert target.sign(-5) == -1\n    assert target.sign(5) == 1\n");
  EXPECT_EQ(verdicts(result), "skn");
  EXPECT_EQ(result.score.mutants_total, 3U);
  EXPECT_EQ(result.score.mutants_run, 3U);
  EXPECT_EQ(result.score.killed, 1U);
  EXPECT_EQ(
      result.score.survivors,
      (std::vector<std::string>{"line 5: < became <=", "line 15: self.n < LIMIT became False"}));
  EXPECT_EQ(result.problem, "");
}

TEST_F(MutationScoreTest, EndlessMutantsAndMethodsThatLoseTheirSuper) {
  mutate_total("self.n += 1", "pass");
  mutate({"Cart", "__init__"}, 11,
         "class Cart:\n    def __init__(self):\n        super().__init__()\n", "super().__init__()",
         "pass");
  EXPECT_EQ(verdicts(score("def test_total():\n    assert target.Cart().total() == 3\n")), "kk");
}

TEST_F(MutationScoreTest, CodeThatRunsAtImport) {
  mutate({}, 1, kTarget, "LIMIT = 3", "LIMIT = 4");
  mutate({}, 1, kTarget, "lru_cache(None)", "lru_cache(1)");
  mutate({}, 1, kTarget, "class Base", "raise OSError\nclass Base");
  EXPECT_EQ(verdicts(score("def test_total():\n    assert target.Cart().total() == 3\n")), "ksk");
}

// Eight seconds of sleep at import, of which the processor's time knows nothing.
TEST_F(MutationScoreTest, AMutantThatHangsIsGivenUpAtTheDeadline) {
  mutate_sign("return 1", "return 2");
  mutate({}, 1, kTarget, "LIMIT = 3", "LIMIT = __import__('time').sleep(8)");
  deadline_ = std::chrono::milliseconds(2'500);
  const auto begin = std::chrono::steady_clock::now();
  const auto result = score(
      "def test_one():\n    assert target.sign(5) == 1\n"
      "\n\ndef test_total():\n    assert target.Cart().total() == 3\n");
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took, deadline_ + std::chrono::milliseconds(900)) << "its sandbox ends it after 1 s";
  EXPECT_LE(result.score.mutants_run, 1U) << "the one that hangs has no verdict";
  EXPECT_EQ(result.problem, "");
}

TEST_F(MutationScoreTest, NamesTheKillersAndTheTestsThatKillNothing) {
  mutate_sign("<", ">=");
  mutate_sign("return 1", "return 2");
  const auto result = score(
      "import unittest\n"
      "def test_low():\n    assert target.sign(-5) == -1\n"
      "class TestSign(unittest.TestCase):\n"
      "    def test_high(self):\n        self.assertEqual(target.sign(5), 1)\n"
      "def test_idle():\n    target.sign(0)\n"
      "def test_far():\n    pass\n",
      true);
  ASSERT_EQ(verdicts(result), "kk");
  EXPECT_EQ(result.mutants[1].killer, "test_target.py::TestSign::test_high");
  EXPECT_EQ(test_name(result.mutants[1].killer), "test_high");
  EXPECT_EQ(test_name("a.py::test_b[x::y]"), "test_b");
  EXPECT_EQ(result.outcomes.size(), 4U);
  // test_low kills only what test_high kills too.
  EXPECT_EQ(result.idle_tests,
            (std::vector<std::string>{"test_target.py::test_far", "test_target.py::test_idle"}));
  EXPECT_FALSE(score("def test_low():\n    target.sign(-5)\n").idle_tests.has_value());
}

TEST_F(MutationScoreTest, TestsThatFailOnTheUnchangedModuleDoNotCount) {
  mutate_sign("return 1", "return 2");
  const auto result = score(
      "import os\ndef test_bad():\n    assert target.sign(5) == 2\n"
      "def test_exit():\n    target.sign(5)\n    os._exit(3)\n"
      "def test_good():\n    target.sign(5)\n");
  EXPECT_EQ(verdicts(result), "s");
  EXPECT_EQ(result.outcomes.at("test_target.py::test_bad"), "failed");
  EXPECT_EQ(result.outcomes.at("test_target.py::test_exit"), "died");
  EXPECT_EQ(result.outcomes.at("test_target.py::test_good"), "passed");
}

TEST_F(MutationScoreTest, AFileThatCannotBeCollectedKillsNothing) {
  mutate_sign("return 1", "return 2");
  const auto result = score("import no_such_module\n");
  EXPECT_EQ(result.score.killed, 0U);
  EXPECT_TRUE(result.mutants.empty());
  EXPECT_NE(result.problem, "");
}

TEST_F(MutationScoreTest, LinesForPeople) {
  model::Mutant mutant;
  mutant.operation = "deletion";
  mutant.line = 3;
  mutant.original = "raise X(\n    1)";
  mutant.replacement = "pass";
  EXPECT_EQ(describe(mutant), "line 3: deleted raise X( 1)");
  mutant.operation = "loop_runs";
  mutant.original = "";
  mutant.replacement = "; break";
  EXPECT_EQ(describe(mutant), "line 3: added ; break");
}

}  // namespace
}  // namespace testgen::verify
