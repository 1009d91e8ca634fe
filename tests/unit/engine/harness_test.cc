// The harness against a real interpreter in the real sandbox, with code that misbehaves.
#include "engine/explorer/harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "analysis/analysis.h"
#include "base/file_system.h"
#include "harness_fixture.h"
#include "sandbox/bubblewrap.h"

namespace testgen::engine {
namespace {

TEST_F(HarnessTest, ReportsOutcomeShapeAndGoals) {
  auto harness = start("def sign(x):\n    if x < 0:\n        return 'neg'\n    return 'pos'\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run(**harness, {"result = target.sign(-1)", "result = target.sign(1)",
                                       "result = target.sign('a')"});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[0].shape, "str+");
  EXPECT_NE(results[0].goals, results[1].goals);
  EXPECT_EQ(results[2].outcome, CandidateOutcome::Raised);
  EXPECT_EQ(results[2].exception.type, "TypeError");
  EXPECT_EQ(results[2].exception.line, 1U);
}

TEST_F(HarnessTest, TellsAStatementThatRaisesFromAnOperationThatFails) {
  auto harness = start(
      "import textwrap\n"
      "def parse(text):\n"
      "    if not text:\n        raise ValueError('empty')\n"
      "    assert text != '?', 'a question'\n"
      "    return int(text)\n"
      "def fill(text):\n    return textwrap.wrap(text, 0)\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run(**harness, {"result = target.parse('')", "result = target.parse('?')",
                                       "result = target.parse('x')", "result = target.fill('x')"});
  EXPECT_TRUE(results[0].exception.deliberate);
  EXPECT_TRUE(results[1].exception.deliberate);
  EXPECT_FALSE(results[2].exception.deliberate);
  EXPECT_TRUE(results[2].exception.inside_module);
  EXPECT_TRUE(results[3].exception.deliberate) << "by what the module calls";
  EXPECT_FALSE(results[3].exception.inside_module);
}

TEST_F(HarnessTest, CapturesOperandsAndObservesValues) {
  auto harness = start("def known(word):\n    return word == 'magic'\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto captured = run(**harness, {"result = target.known('abc')"}, {.capture = true});
  ASSERT_EQ(captured[0].captures.size(), 1U);
  EXPECT_EQ(captured[0].captures[0].left, "'abc'");
  EXPECT_EQ(captured[0].captures[0].right, "'magic'");
  const auto observed = run(**harness, {"result = target.known('magic')"}, {.observe = true});
  ASSERT_EQ(observed[0].facts.size(), 1U);
  EXPECT_EQ(observed[0].facts[0].literal, "True");
}

TEST_F(HarnessTest, SeesWhatAnHeirOfAContainerHolds) {
  auto harness = start(
      "import collections\ndef parse(text):\n"
      "    return collections.OrderedDict(text=text)\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run(**harness, {"result = target.parse('a')"}, {.observe = true});
  const auto& facts = results[0].facts;
  EXPECT_TRUE(std::any_of(facts.begin(), facts.end(), [](const Fact& fact) {
    return fact.expression == "dict(result)" && fact.literal == "{'text': 'a'}";
  }));
}

TEST_F(HarnessTest, EndlessLoopsRunOutOfFuel) {
  auto harness = start("def spin(n):\n    while n:\n        pass\n    return 1\n");
  ASSERT_TRUE(harness);
  const auto results = run(**harness, {"result = target.spin(1)", "result = target.spin(0)"});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::OutOfFuel);
  EXPECT_EQ(results[1].outcome, CandidateOutcome::Passed);
}

TEST_F(HarnessTest, AHangInCBlamesOneTestAndKeepsTheOthers) {
  auto harness = start("import re\ndef slow(text):\n    return re.match('(a+)+$', text)\n");
  ASSERT_TRUE(harness);
  const auto results =
      run(**harness, {"result = target.slow('a')", "result = target.slow('a' * 60 + 'b')",
                      "result = target.slow('b')"});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[1].outcome, CandidateOutcome::TimedOut);
  EXPECT_EQ(results[2].outcome, CandidateOutcome::Passed);
}

TEST_F(HarnessTest, AKilledProcessBlamesOneTestAndKeepsTheOthers) {
  auto harness =
      start("import os\nend = os._exit\ndef die(how):\n    if how: end(3)\n    return 'alive'\n");
  ASSERT_TRUE(harness);
  const auto results = run(
      **harness, {"result = target.die(0)", "result = target.die(1)", "result = target.die(0)"});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[1].outcome, CandidateOutcome::Crashed);
  EXPECT_EQ(results[2].outcome, CandidateOutcome::Passed);
}

TEST_F(HarnessTest, WhatRanBeforeASubjectWasGivenUpIsTold) {
  auto harness =
      start("import os\nend = os._exit\ndef die(how):\n    if how: end(3)\n    return 'alive'\n");
  ASSERT_TRUE(harness);
  std::vector<Candidate> candidates;
  for (const char* how : {"0", "1", "0", "1", "0"}) {
    candidates.push_back({.source = std::string("result = target.die(") + how + ")",
                          .watch = {"result"},
                          .subject = "die"});
  }
  const auto results = (*harness)->run(candidates, {.give_up = true});
  ASSERT_TRUE(results) << describe(results.error());
  std::vector<CandidateOutcome> outcomes;
  for (const CandidateResult& result : *results) outcomes.push_back(result.outcome);
  EXPECT_EQ(outcomes,
            (std::vector<CandidateOutcome>{CandidateOutcome::Passed, CandidateOutcome::Crashed,
                                           CandidateOutcome::Passed, CandidateOutcome::Crashed,
                                           CandidateOutcome::NotRun}));
}

TEST_F(HarnessTest, ASubjectThatHangsIsGivenUpForTheCall) {
  auto harness = start(
      "import re\ndef slow(text):\n    return re.match('(a+)+$', text)\n"
      "def fine():\n    return 1\n");
  ASSERT_TRUE(harness);
  std::vector<Candidate> candidates;
  for (int i = 0; i < 20; ++i) {
    candidates.push_back(
        {.source = "result = target.slow('a' * 60 + 'b')", .watch = {"result"}, .subject = "slow"});
    candidates.push_back(
        {.source = "result = target.fine()", .watch = {"result"}, .subject = "fine"});
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto results = (*harness)->run(candidates, {.give_up = true});
  ASSERT_TRUE(results) << describe(results.error());
  std::map<CandidateOutcome, int> slow;
  for (std::size_t i = 0; i < results->size(); i += 2) {
    ++slow[(*results)[i].outcome];
    EXPECT_EQ((*results)[i + 1].outcome, CandidateOutcome::Passed);
    EXPECT_FALSE((*results)[i + 1].goals.empty());
  }
  EXPECT_EQ(slow[CandidateOutcome::TimedOut], 2);
  EXPECT_EQ(slow[CandidateOutcome::NotRun], 18);
  // Twenty hangs would take 0.75 s each.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST_F(HarnessTest, RunningOutOfMemoryIsGivenUpToo) {
  auto harness = start(
      "def eat(n):\n    kept = []\n    while n:\n        kept.append(bytearray(50_000_000))\n"
      "    return 1\n");
  ASSERT_TRUE(harness);
  const std::vector<Candidate> candidates(
      12, {.source = "result = target.eat(1)", .watch = {"result"}, .subject = "eat"});
  const auto results = (*harness)->run(candidates, {.give_up = true});
  ASSERT_TRUE(results) << describe(results.error());
  EXPECT_NE((*results)[0].outcome, CandidateOutcome::NotRun);
  EXPECT_EQ((*results)[11].outcome, CandidateOutcome::NotRun);
}

TEST_F(HarnessTest, WhatDoesNotFitIntoThePatienceIsNotRun) {
  auto harness = start("def work(n):\n    return sum(range(n))\n");
  ASSERT_TRUE(harness);
  const std::vector<Candidate> candidates(
      60, {.source = "result = target.work(3000000)", .watch = {"result"}, .subject = "work"});
  const auto results = (*harness)->run(candidates, {.patience = std::chrono::milliseconds(300)});
  ASSERT_TRUE(results) << describe(results.error());
  EXPECT_EQ((*results)[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ((*results)[59].outcome, CandidateOutcome::NotRun);
}

TEST_F(HarnessTest, WhoTakesTheInterpreterApartIsDiscardedAndTheOthersAreNot) {
  auto harness = start(
      "import builtins, signal, sys\ndef patch(how):\n    if how == 1:\n"
      "        builtins.len = builtins.isinstance = None\n    if how == 2:\n"
      "        sys.modules.clear()\n    if how == 3:\n"
      "        signal.signal(signal.SIGALRM, signal.SIG_IGN)\n    return 1\n");
  ASSERT_TRUE(harness);
  const auto results = run(**harness, {"result = target.patch(1)", "result = target.patch(2)",
                                       "result = target.patch(3)", "result = target.patch(0)"});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(results[i].outcome, CandidateOutcome::Discarded) << i;
  EXPECT_EQ(results[0].shape, "the interpreter");
  EXPECT_EQ(results[3].outcome, CandidateOutcome::Passed);
}

TEST_F(HarnessTest, BuiltinsReplacedAtImportArePutBack) {
  auto harness = start(
      "import builtins\nbuiltins.len = lambda x: 42\nbuiltins.isinstance = lambda a, b: True\n"
      "builtins.compile = builtins.open = builtins.all = None\nbuiltins.added = 1\n"
      "def size(x):\n    return len(x) + added\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run(**harness, {"result = target.size('ab')"}, {.observe = true});
  ASSERT_EQ(results[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[0].facts[0].literal, "3");
}

TEST_F(HarnessTest, ClosingEveryDescriptorHurtsNobodyElse) {
  auto harness =
      start("import os\ndef close(n):\n    if n:\n        os.closerange(0, n)\n    return 1\n");
  ASSERT_TRUE(harness);
  const auto results = run(**harness, {"result = target.close(0)", "result = target.close(64)",
                                       "result = target.close(0)"});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[1].outcome, CandidateOutcome::Crashed);
  EXPECT_EQ(results[2].outcome, CandidateOutcome::Passed);
}

MutantTask mutant_of(const model::MutationUnit& unit, std::vector<std::uint32_t> tests) {
  return {&unit, unit.text, std::move(tests)};
}

TEST_F(HarnessTest, TellsWhichTestsAndChecksNoticeAMutant) {
  auto harness = start(
      "import functools\n"
      "@functools.lru_cache\n"
      "def twice(n):\n    return n + n\n"
      "class Cart:\n    def __init__(self):\n        self.__n = 1\n"
      "    def n(self):\n        return self.__n\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const std::vector<MutantTest> tests = {
      {{"result = target.twice(2)", {"result"}}, {"result == 4", "type(result) is int"}, {}},
      {{"result = target.twice(0)", {"result"}}, {"result == 0"}, {}},
      {{"result = target.twice(None)", {"result"}},
       {},
       RaisedException{"TypeError", "builtins", "+"}},
      {{"cart = target.Cart()\nresult = cart.n()", {"result"}}, {"result == 1"}, {}},
  };
  const model::MutationUnit times{"def twice(n):\n    return n * n * 2.0\n", {"twice"}, 3, 2, 3};
  const model::MutationUnit mangled{
      "class Cart:\n    def n(self):\n        return -self.__n\n", {"Cart", "n"}, 7, 8, 8};
  const model::MutationUnit endless{
      "def twice(n):\n    while _tg_w(0, True):\n        pass\n", {"twice"}, 3, 2, 3};
  const model::MutationUnit deadly{
      "def twice(n):\n    import os; os._exit(1)\n", {"twice"}, 3, 2, 3};
  const model::MutationUnit broken{"def twice(n):\n    return (\n", {"twice"}, 3, 2, 3};
  // As at an import, nothing is defined before it begins.
  const model::MutationUnit whole{
      "try:\n    twice\n    raise RuntimeError('run before')\nexcept NameError:\n    pass\n"
      "def twice(n):\n    return 7\n"
      "class Cart:\n    def n(self):\n        return 1\n",
      {},
      1,
      0,
      0};
  const auto kills = (*harness)->run_mutants(
      tests,
      {mutant_of(times, {0, 1, 2}), mutant_of(mangled, {0, 3}), mutant_of(endless, {0, 1}),
       mutant_of(deadly, {1}), mutant_of(broken, {0}), mutant_of(whole, {0, 3})},
      false, std::chrono::seconds(20));
  ASSERT_TRUE(kills) << describe(kills.error());
  ASSERT_EQ(kills->size(), 6U);
  const auto noticed = [&](std::size_t mutant) {
    std::vector<std::pair<std::uint32_t, std::uint64_t>> out;
    for (const Kill& kill : (*kills)[mutant]) out.emplace_back(kill.test, kill.checks);
    return out;
  };
  using Noticed = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
  // 2 * 2 * 2.0 is 8.0: both checks fail; 0.0 == 0 holds; the message about + is another one.
  EXPECT_EQ(noticed(0), (Noticed{{0, 3}, {2, 0}}));
  EXPECT_EQ(noticed(1), (Noticed{{3, 1}}));
  EXPECT_EQ(noticed(2), (Noticed{{0, 0}}));  // stops at the first that hangs
  EXPECT_EQ(noticed(3), (Noticed{{1, 0}}));
  EXPECT_EQ(noticed(4), (Noticed{}));
  EXPECT_EQ(noticed(5), (Noticed{{0, 1}}));
  // The module itself is as it was.
  EXPECT_EQ(run(**harness, {"result = target.twice(2)"}, {.observe = true})[0].facts[0].literal,
            "4");
}

TEST_F(HarnessTest, WorkOutsideTheProcessIsDiscarded) {
  auto harness = start(
      "import subprocess, socket\n"
      "def run():\n    return subprocess.call(['true'])\n"
      "def dial():\n    return socket.socket()\n"
      "def write():\n    return open('/tmp/x', 'w').write('x')\n"
      "def ask():\n    return input()\n");
  ASSERT_TRUE(harness);
  for (const auto& result : run(**harness, {"result = target.run()", "result = target.dial()",
                                            "result = target.write()", "result = target.ask()"})) {
    EXPECT_EQ(result.outcome, CandidateOutcome::Discarded) << result.shape;
  }
}

TEST_F(HarnessTest, AChangedModuleStateIsDiscardedWhenObserved) {
  auto harness = start("SEEN = []\ndef note(x):\n    SEEN.append(x)\n    return len(SEEN)\n");
  ASSERT_TRUE(harness);
  const auto results = run(**harness, {"result = target.note(1)"}, {.observe = true});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Discarded);
  EXPECT_EQ(results[0].shape, "module state");
}

TEST_F(HarnessTest, ATableFilledAtFirstUseIsHarmless) {
  auto harness = start(
      "TABLE = None\ndef get(x):\n    global TABLE\n    if TABLE is None:\n"
      "        TABLE = [1, 2]\n    return TABLE[x]\n");
  ASSERT_TRUE(harness);
  const auto results = run(**harness, {"result = target.get(0)"}, {.observe = true});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed) << results[0].shape;
}

TEST_F(HarnessTest, FailedImportsSayWhatAndWhere) {
  const auto missing = start("import no_such_module\ndef f():\n    return 1\n");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::InvalidInput);
  EXPECT_NE(missing.error().message.find("no_such_module"), std::string::npos);
  EXPECT_NE(missing.error().message.find("line 1"), std::string::npos);
  EXPECT_NE(missing.error().hint.find("install no_such_module"), std::string::npos);
}

TEST_F(HarnessTest, ExitingHangingAndDyingAtImportAreErrorsOfTheModule) {
  const auto exits = start("import sys\ndef f():\n    return 1\nsys.exit(0)\n");
  ASSERT_FALSE(exits);
  EXPECT_NE(exits.error().hint.find("sys.exit"), std::string::npos);
  const auto dies = start("import os\ndef f():\n    return 1\nos._exit(9)\n");
  ASSERT_FALSE(dies);
  EXPECT_EQ(dies.error().code, base::ErrorCode::InvalidInput);
  const auto hangs = start("def f():\n    return 1\nwhile True:\n    pass\n");
  ASSERT_FALSE(hangs);
  EXPECT_NE(hangs.error().message.find("did not finish"), std::string::npos);
}

TEST_F(HarnessTest, ASandboxThatDoesNotStartIsNoErrorOfTheModule) {
  const auto program = folder_.path() / "bwrap";
  ASSERT_TRUE(
      base::write_file_atomic(program, "#!/bin/sh\necho broken by an upgrade >&2\nexit 1\n"));
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  sandbox::BubblewrapSandbox broken(program.string());
  const auto refused = start("def f():\n    return 1\n", broken);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::Environment) << describe(refused.error());
}

TEST_F(HarnessTest, CAcceleratorsAreBlockedWhenTheyHideTheCode) {
  std::ifstream file("/usr/lib/python3.11/bisect.py");
  if (!file) GTEST_SKIP() << "no Python 3.11 standard library here";
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  auto harness = start(text);
  ASSERT_TRUE(harness) << describe(harness.error());
  EXPECT_EQ((*harness)->symbols().blocked, std::vector<std::string>{"_bisect"});
  const auto results = run(**harness, {"result = target.bisect_left([1, 3], 2)"});
  EXPECT_FALSE(results[0].goals.empty());
}

}  // namespace
}  // namespace testgen::engine
