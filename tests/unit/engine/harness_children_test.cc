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
      "def once(x):\n"
      "    once.calls = getattr(once, 'calls', 0) + 1\n"
      "    if once.calls > 2:\n"
      "        os._exit(3)\n"
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

}  // namespace
}  // namespace testgen::engine
