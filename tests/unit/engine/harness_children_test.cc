#include "harness_fixture.h"

namespace testgen::engine {
namespace {

using HarnessChildrenTest = HarnessTest;

TEST_F(HarnessChildrenTest, AChangeThatNobodyUndoesIsNotFeltByTheNextBatch) {
  auto harness = start(
      "seen = []\n"
      "keep = [seen]\n"
      "def add(x):\n"
      "    keep[0].append(x)\n"
      "    return 'more' if len(seen) > 1 else 1\n");
  ASSERT_TRUE(harness);
  for (int batch = 0; batch < 3; ++batch) {
    EXPECT_EQ(run(**harness, {"result = target.add(1)"})[0].shape, "int+") << batch;
  }
}

TEST_F(HarnessChildrenTest, WhatIsMadeAtFirstUseIsMadeAgainInTheNextBatch) {
  auto harness = start(
      "table = None\n"
      "def look(key):\n"
      "    global table\n"
      "    if table is None:\n"
      "        table = {1: 'one'}\n"
      "    return table.get(key)\n");
  ASSERT_TRUE(harness);
  const auto first = run(**harness, {"result = target.look(1)", "result = target.look(2)"});
  const auto second = run(**harness, {"result = target.look(1)", "result = target.look(2)"});
  EXPECT_EQ(first[0].goals, second[0].goals);
  EXPECT_EQ(first[1].goals, second[1].goals);
  EXPECT_NE(first[0].goals, first[1].goals);
}

// No child is kept so carefully that nothing of it shows; who dies of that is not to blame.
TEST_F(HarnessChildrenTest, OnlyADeathInANewChildIsBelieved) {
  auto harness = start(
      "import os\n"
      "end = os._exit\n"
      "def once(x):\n"
      "    once.calls = getattr(once, 'calls', 0) + 1\n"
      "    if once.calls > 2:\n"
      "        end(3)\n"
      "    return once.calls\n");
  ASSERT_TRUE(harness);
  for (int batch = 0; batch < 3; ++batch) {
    const auto results = run(**harness, {"result = target.once(1)", "result = target.once(2)"});
    EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed) << batch;
    EXPECT_EQ(results[1].outcome, CandidateOutcome::Passed) << batch;
  }
}

// A thread that a test has left behind ends with the child.
TEST_F(HarnessChildrenTest, NoThreadOutlivesItsBatch) {
  auto harness = start(
      "import threading\n"
      "wait = threading.Event()\n"
      "def leave(x):\n"
      "    others = threading.active_count() - 1\n"
      "    threading.Thread(target=wait.wait, daemon=True).start()\n"
      "    return 'busy' if others else 1\n");
  ASSERT_TRUE(harness);
  for (int batch = 0; batch < 2; ++batch) {
    EXPECT_EQ(run(**harness, {"result = target.leave(1)"})[0].shape, "int+") << batch;
  }
}

TEST_F(HarnessChildrenTest, ObservationsAreMadeInANewChild) {
  auto harness = start(
      "def count(x):\n"
      "    count.calls = getattr(count, 'calls', 0) + 1\n"
      "    return count.calls\n");
  ASSERT_TRUE(harness);
  run(**harness, {"result = target.count(1)", "result = target.count(2)"});
  const auto results = run(**harness, {"result = target.count(3)"}, {.observe = true});
  ASSERT_EQ(results[0].facts.size(), 1U);
  EXPECT_EQ(results[0].facts[0].literal, "1");
}

using Kills = std::vector<std::vector<Kill>>;

Kills tried(Harness& harness, const std::vector<MutantTest>& tests,
            const std::vector<const model::MutationUnit*>& units) {
  std::vector<MutantTask> tasks;
  for (const auto* unit : units) tasks.push_back({unit, unit->text, {0}});
  auto kills = harness.run_mutants(tests, tasks, false, std::chrono::seconds(20));
  EXPECT_TRUE(kills);
  return kills ? *kills : Kills(units.size());
}

TEST_F(HarnessChildrenTest, EveryMutantIsTakenBack) {
  auto harness = start(
      "LIMIT = 3\n"
      "def low(n):\n"
      "    return n < LIMIT\n");
  ASSERT_TRUE(harness);
  const std::vector<MutantTest> tests = {
      {{"result = target.low(3)", {"result"}}, {"result is False"}, {}}};
  const model::MutationUnit other{"def low(n):\n    return n <= LIMIT\n", {"low"}, 2, 2, 2};
  const model::MutationUnit same{"def low(n):\n    return LIMIT > n\n", {"low"}, 2, 2, 2};
  const model::MutationUnit whole{
      "LIMIT = 4\nADDED = 1\ndef low(n):\n    return n < LIMIT\n", {}, 1, 0, 0};
  const model::MutationUnit unchanged{
      "LIMIT = 3\ndef low(n):\n    return n < LIMIT and 'ADDED' not in globals()\n", {}, 1, 0, 0};
  for (int exchange = 0; exchange < 2; ++exchange) {
    const Kills kills = tried(**harness, tests, {&other, &same, &whole, &unchanged, &same, &whole});
    ASSERT_EQ(kills.size(), 6U);
    EXPECT_EQ(kills[0].size(), 1U);
    EXPECT_EQ(kills[1].size(), 0U);
    EXPECT_EQ(kills[2].size(), 1U);
    EXPECT_EQ(kills[3].size(), 0U);
    EXPECT_EQ(kills[4].size(), 0U);
    EXPECT_EQ(kills[5].size(), 1U);
  }
}

// The same statement cut at other lines: the pieces of the first mutant do not fit the second.
TEST_F(HarnessChildrenTest, AMutantThatMovesLinesIsCompiledAsAWhole) {
  auto harness = start("def one():\n    return 1\ndef two():\n    return 2\n");
  ASSERT_TRUE(harness);
  const std::vector<MutantTest> tests = {
      {{"result = target.one() + target.two()", {"result"}}, {"result == 3"}, {}}};
  const model::MutationUnit first{
      "def one():\n    return 1\ndef two():\n    return 0\n", {}, 1, 0, 0};
  const model::MutationUnit moved{
      "def one():\n    n = 1\n    return n\ndef two():\n    return 2\n", {}, 1, 0, 0};
  const Kills kills = tried(**harness, tests, {&first, &moved, &first});
  ASSERT_EQ(kills.size(), 3U);
  EXPECT_EQ(kills[0].size(), 1U);
  EXPECT_EQ(kills[1].size(), 0U);
  EXPECT_EQ(kills[2].size(), 1U);
}

// What a test burns on the module itself is known from its observation.
TEST_F(HarnessChildrenTest, AMutantThatGoesRoundFarTooOftenIsNoticed) {
  auto harness = start(
      "def count(n):\n"
      "    total = 0\n"
      "    for _ in range(n):\n"
      "        total += 1\n"
      "    return n\n");
  ASSERT_TRUE(harness);
  const std::vector<MutantTest> tests = {
      {{"result = target.count(3)", {"result"}}, {"result == 3"}, {}}};
  const model::MutationUnit busy{
      "def count(n):\n    for _ in _tg_i(0, range(n * 5000)):\n        pass\n    return n\n",
      {"count"},
      1,
      1,
      1};
  EXPECT_EQ(tried(**harness, tests, {&busy})[0].size(), 0U);
  run(**harness, {"result = target.count(3)"}, {.observe = true});
  EXPECT_EQ(tried(**harness, tests, {&busy})[0].size(), 1U);
}

}  // namespace
}  // namespace testgen::engine
