// Candidates that meet the world: what the harness lets them do, what it undoes, and what it says
// about the rest.
#include <algorithm>

#include "engine/explorer/universe.h"
#include "harness_fixture.h"

namespace testgen::engine {
namespace {

class HarnessWorldTest : public HarnessTest {
 protected:
  std::vector<CandidateResult> run_with(Harness& harness, std::vector<Candidate> candidates,
                                        RunOptions options = {}) {
    auto results = harness.run(candidates, options);
    EXPECT_TRUE(results) << (results ? "" : describe(results.error()));
    return results ? *results : std::vector<CandidateResult>(candidates.size());
  }

  static Candidate candidate(std::string source, std::vector<std::string> fixtures = {}) {
    return {std::move(source), {"result"}, {}, std::move(fixtures), {}};
  }

  static std::string fact(const CandidateResult& result, const std::string& expression) {
    for (const Fact& item : result.facts) {
      if (item.expression == expression) return item.literal;
    }
    return "none";
  }
};

TEST_F(HarnessWorldTest, FilesOfItsOwnFolderAreFreeAndGoneAfterwards) {
  auto harness = start(
      "import os\n"
      "def save(folder, text):\n"
      "    path = os.path.join(folder, 'out.txt')\n"
      "    open(path, 'w').write(text)\n"
      "    return path\n"
      "def names(folder):\n    return os.listdir(folder)\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run_with(**harness,
                                {candidate("(tmp_path / \"kept.txt\").write_text(\"k\")\n"
                                           "result = target.save(str(tmp_path), \"hello\")",
                                           {"tmp_path"}),
                                 candidate("result = target.names(tmp_path)", {"tmp_path"}),
                                 candidate("result = target.save(\"/tmp\", \"hello\")")},
                                {.observe = true});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed)
      << testing::PrintToString(results[0].touched);
  EXPECT_EQ(fact(results[0], "result"), "str(tmp_path / \"out.txt\")");
  EXPECT_EQ(fact(results[0], "(tmp_path / \"out.txt\").read_text()"), "'hello'");
  EXPECT_EQ(fact(results[0], "(tmp_path / \"kept.txt\").read_text()"), "none")
      << "the act did not change it";
  EXPECT_EQ(fact(results[1], "result"), "[]") << "nothing is left of the one before";
  EXPECT_EQ(results[2].outcome, CandidateOutcome::Discarded);
  EXPECT_EQ(results[2].touched, (std::vector<std::string>{"file", "/tmp/out.txt", "w"}));
}

TEST_F(HarnessWorldTest, WhatAnObjectDoesWhenItIsAskedEndsNothing) {
  auto harness = start(
      "import sys\n"
      "class Reader:\n"
      "    def __init__(self):\n        self.size = 3\n"
      "    def line(self):\n        return sys.stdin.readline()\n"
      "    def leave(self):\n        raise SystemExit\n"
      "    def title(self):\n        return 'reader'\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results =
      run_with(**harness, {candidate("result = target.Reader()")}, {.observe = true});
  ASSERT_EQ(results[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(fact(results[0], "result.size"), "3");
  EXPECT_EQ(fact(results[0], "result.title()"), "'reader'");
  EXPECT_EQ(fact(results[0], "result.line()"), "none");
}

TEST_F(HarnessWorldTest, WhatStandsBehindTheFirstDescriptorsIsTheRunners) {
  auto harness = start("def first(file):\n    with open(file) as f:\n        return f.read(1)\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run_with(
      **harness, {candidate("result = target.first(0)"), candidate("result = target.first(-255)")});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Discarded);
  EXPECT_EQ(results[1].outcome, CandidateOutcome::Raised) << "that is the same everywhere";
}

TEST_F(HarnessWorldTest, TheEndOfTheProcessIsReachedForLikeAnythingElse) {
  auto harness = start(
      "import os\n"
      "from os import abort as stop\n"
      "def leave(code):\n    if code:\n        os._exit(code)\n    return 'here'\n"
      "def halt(code):\n    if code:\n        stop()\n    return 'here'\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run(**harness, {"result = target.leave(0)", "result = target.leave(3)",
                                       "result = target.halt(0)", "result = target.halt(1)"});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[1].outcome, CandidateOutcome::Discarded);
  EXPECT_EQ(results[1].touched, (std::vector<std::string>{"call", "os._exit", "os._exit"}));
  EXPECT_EQ(results[2].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[3].touched, (std::vector<std::string>{"call", "os.abort", "stop"}));
}

TEST_F(HarnessWorldTest, WhatACallLeavesInANeighbourIsFelt) {
  auto harness = start(
      "import sys, types\n"
      "other = sys.modules['target.other'] = types.ModuleType('target.other')\n"
      "other.kept, other.last = [], None\n"
      "def look(x):\n    return len(other.kept)\n"
      "def add(x):\n    other.kept.append(x)\n    return 1\n"
      "def bind(x):\n    other.last = [x]\n    return 1\n"
      "def name(x):\n    setattr(other, 'n%d' % len(vars(other)), x)\n    return 1\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run(**harness,
                           {"result = target.look(1)", "result = target.add(1)",
                            "result = target.bind(1)", "result = target.name(1)"},
                           {.observe = true});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed);
  for (std::size_t i = 1; i < results.size(); ++i) {
    EXPECT_EQ(results[i].outcome, CandidateOutcome::Discarded) << i;
  }
}

TEST_F(HarnessWorldTest, WhatACallReachedForIsNamedAsTheModuleNamesIt) {
  auto harness = start(
      "import time as clock\nimport os\nfrom datetime import datetime\nimport subprocess as sp\n"
      "HOME = '/var/lib/target'\n"
      "def now():\n    return clock.time()\n"
      "def hour():\n    return datetime.now().hour\n"
      "def key():\n    return os.environ.get('TARGET_KEY')\n"
      "def tool():\n    return sp.run(['x'])\n"
      "def data():\n    return open(HOME + '/data').read()\n"
      "def there(path):\n    return os.path.exists(path)\n"
      "def pure(x):\n    return clock.strftime('%Y', clock.gmtime(x))\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results =
      run(**harness, {"result = target.now()", "result = target.hour()", "result = target.key()",
                      "result = target.tool()", "result = target.data()",
                      "result = target.there(\"/etc\")", "result = target.pure(0)"});
  using Words = std::vector<std::string>;
  EXPECT_EQ(results[0].touched, (Words{"call", "time.time", "clock.time"}));
  EXPECT_EQ(results[1].touched, (Words{"call", "datetime.datetime.now", "datetime.now"}));
  EXPECT_EQ(results[2].touched, (Words{"environment", "TARGET_KEY"}));
  EXPECT_EQ(results[3].touched, (Words{"call", "subprocess.run", "sp.run"}));
  EXPECT_EQ(results[4].touched,
            (Words{"file", "/var/lib/target/data", "r", "HOME", "text", "/var/lib/target"}));
  EXPECT_EQ(results[5].touched.front(), "file");
  EXPECT_EQ(results[6].outcome, CandidateOutcome::Passed) << results[6].shape;
}

TEST_F(HarnessWorldTest, AGeneratorSeededByChanceIsNoResult) {
  auto harness = start("import random\ndef pick(seed):\n    return random.Random(seed).random()\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results = run(**harness, {"result = target.pick(None)", "result = target.pick(3)"});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Discarded);
  EXPECT_EQ(results[1].outcome, CandidateOutcome::Passed);
}

TEST_F(HarnessWorldTest, PatchesAreUndone) {
  auto harness = start(
      "import os, time\nLIMIT = 3\n"
      "def both():\n    return LIMIT, os.getenv('TARGET_KEY'), time.time()\n"
      "def limit():\n    return LIMIT\n");
  ASSERT_TRUE(harness);
  const auto results =
      run_with(**harness,
               {candidate("monkeypatch.setattr(target, \"LIMIT\", 5)\n"
                          "monkeypatch.setenv(\"TARGET_KEY\", \"v\")\n"
                          "monkeypatch.setattr(target.time, \"time\", lambda: 1.5)\n"
                          "result = target.both()",
                          {"monkeypatch"}),
                candidate("result = target.limit()"), candidate("result = target.both()")},
               {.observe = true});
  EXPECT_EQ(fact(results[0], "result"), "(5, 'v', 1.5)");
  EXPECT_EQ(fact(results[1], "result"), "3");
  EXPECT_EQ(results[2].outcome, CandidateOutcome::Discarded);
}

TEST_F(HarnessWorldTest, StateThatLaterTestsWouldFeelIsNamedAndRestored) {
  auto harness = start(
      "_seen = {}\n_cache = {}\n"
      "class Pool:\n    size = 0\n    def grow(self):\n        Pool.size += 1\n        return "
      "Pool.size\n"
      "def note(x):\n    _seen[x] = 1\n    return len(_seen)\n"
      "def cached(x):\n    _cache[x] = x\n    return x\n");
  ASSERT_TRUE(harness);
  const auto results =
      run_with(**harness,
               {candidate("result = target.note(1)"), candidate("result = target.cached(1)"),
                candidate("result = target.Pool().grow()"),
                candidate("monkeypatch.setattr(target, \"_seen\", {})\nresult = target.note(2)",
                          {"monkeypatch"})},
               {.observe = true});
  EXPECT_EQ(results[0].touched, (std::vector<std::string>{"state", "", "_seen", "{}"}));
  EXPECT_EQ(results[1].outcome, CandidateOutcome::Passed) << "a cache hurts nobody";
  EXPECT_EQ(results[2].touched, (std::vector<std::string>{"state", "Pool", "size", "0"}));
  EXPECT_EQ(results[3].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(fact(results[3], "result"), "1") << "the first one's entry is gone";
}

TEST_F(HarnessWorldTest, PrintedTextAndCallsOfStandInsAreFacts) {
  auto harness = start(
      "import subprocess\n"
      "def hello():\n    print('hello')\n"
      "def branch():\n    return subprocess.run(['git'], check=True).stdout\n");
  ASSERT_TRUE(harness);
  Candidate stub = candidate(
      "monkeypatch.setattr(target.subprocess, \"run\", mock.MagicMock())\nresult = target.branch()",
      {"monkeypatch"});
  stub.stubs = {"target.subprocess.run"};
  const auto results =
      run_with(**harness, {candidate("result = target.hello()"), stub}, {.observe = true});
  EXPECT_EQ(results[0].shape, "None printed");
  EXPECT_EQ(fact(results[0], "capsys.readouterr().out"), "'hello\\n'");
  EXPECT_EQ(fact(results[1], "target.subprocess.run.call_args.args"), "(['git'],)");
  ASSERT_EQ(results[1].stub_uses.size(), 1U);
  const auto& paths = results[1].stub_uses[0].paths;
  EXPECT_NE(std::find(paths.begin(), paths.end(), "().stdout"), paths.end());
}

TEST_F(HarnessWorldTest, HelpersAreDefinedBeforeTheStatements) {
  auto harness = start("def twice(f):\n    return f() * 2\n");
  ASSERT_TRUE(harness);
  Candidate with = candidate("result = target.twice(four)");
  with.definitions = {"def four():\n    return 4"};
  const auto results = run_with(**harness, {with}, {.observe = true});
  EXPECT_EQ(fact(results[0], "result"), "8");
}

TEST_F(HarnessWorldTest, WhatBecomesOfAGlobalThatTheTestPutInPlaceIsSeen) {
  auto harness = start("level = 1\ndef set_level(n):\n    global level\n    level = n\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results =
      run_with(**harness,
               {candidate("monkeypatch.setattr(target, \"level\", 1)\nresult = target.set_level(5)",
                          {"monkeypatch"}),
                candidate("monkeypatch.setattr(target, \"level\", 1)\nresult = target.set_level(1)",
                          {"monkeypatch"})},
               {.observe = true});
  EXPECT_EQ(fact(results[0], "target.level"), "5");
  EXPECT_EQ(fact(results[1], "target.level"), "none") << "the act did not change it";
}

TEST_F(HarnessWorldTest, WhatIsLoggedIsSeenAsTheRunnerSeesIt) {
  auto harness = start(
      "import logging\nlog = logging.getLogger(__name__)\n"
      "def warn(x):\n    log.info('quiet')\n    log.warning('too big: %s', x)\n"
      "def set_up():\n    logging.basicConfig(level='DEBUG')\n    return "
      "len(logging.root.handlers)\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results =
      run_with(**harness,
               {candidate("result = target.warn(5)"), candidate("result = target.set_up()"),
                candidate("result = target.warn(6)")},
               {.observe = true});
  EXPECT_EQ(fact(results[0], "caplog.messages"), "['too big: 5']");
  EXPECT_EQ(fact(results[1], "result"), "1") << "basicConfig() finds a handler and does nothing";
  EXPECT_EQ(fact(results[2], "caplog.messages"), "['too big: 6']") << "each has its own";
}

TEST_F(HarnessWorldTest, StateThatIsKeptByThreadIsState) {
  auto harness = start(
      "from threading import local\nstack = local()\n"
      "def push(x):\n    stack.__dict__.setdefault('all', []).append(x)\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto results =
      run_with(**harness, {candidate("result = target.push(1)")}, {.observe = true});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Discarded);
  EXPECT_EQ(results[0].shape, "module state");
}

TEST_F(HarnessWorldTest, ClassesOfNeighboursAreTold) {
  ASSERT_TRUE(base::write_file_atomic(
      folder_.path() / "neighbour.py",
      "class Order:\n    def __init__(self, item, count=1):\n        pass\n"
      "    def price(self):\n        pass\nclass Wrong(Exception):\n    pass\n"));
  auto harness = start(
      "from typing import Protocol, TypedDict\nfrom neighbour import Order, Wrong\n"
      "from collections import OrderedDict\n"
      "class Priced(Protocol):\n    name: str\n    def price(self): ...\n"
      "class Row(TypedDict):\n    a: int\n    b: str\n"
      "def pay(order):\n    return order.price()\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const RuntimeSymbols& symbols = (*harness)->symbols();
  ASSERT_EQ(symbols.neighbours.size(), 1u) << "no errors, nothing of the standard library";
  const RuntimeClass& order = symbols.neighbours.at("Order");
  EXPECT_EQ(order.parameters.size(), 2u);
  EXPECT_EQ(order.methods.back(), "price");
  EXPECT_EQ(symbols.classes.at("Priced").protocol, (std::vector<std::string>{"name", "price()"}));
  ASSERT_EQ(symbols.classes.at("Row").parameters.size(), 2u);
  EXPECT_EQ(symbols.classes.at("Row").parameters[0].kind, model::ParameterKind::KeywordOnly);

  const Universe universe = build_universe(module_, symbols, "target");
  const Callable& pay = universe.callables.at(universe.find("pay"));
  EXPECT_NE(std::find(pay.parameters[0].class_names.begin(), pay.parameters[0].class_names.end(),
                      "Order"),
            pay.parameters[0].class_names.end())
      << "named like it, and it has a price()";
  EXPECT_TRUE(universe.callables.at(universe.find("Order.__init__")).is_foreign);
}

}  // namespace
}  // namespace testgen::engine
