// Fixtures of a project's conftest.py in the harness: what a candidate is given, what is undone,
// and what a bad conftest.py costs.
#include "engine/explorer/project_fixtures.h"

#include "engine/explorer/test_program.h"
#include "unit/engine/harness_fixture.h"
#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

constexpr const char* kModule =
    "class Cart:\n    def __init__(self):\n        self.items = []\n\n"
    "def count(cart):\n    return len(cart.items)\n\n"
    "def add(cart, item):\n    cart.items.append(item)\n    return count(cart)\n";

class ProjectFixtures : public HarnessTest {
 protected:
  std::unique_ptr<Harness> with(const std::string& conftest) {
    conftests_ = {folder_.path() / "conftest.py"};
    EXPECT_TRUE(base::write_file_atomic(conftests_[0], conftest));
    auto harness = start(kModule);
    EXPECT_TRUE(harness) << (harness ? "" : describe(harness.error()));
    return harness ? *std::move(harness) : nullptr;
  }

  static std::vector<CandidateResult> run(
      Harness& harness, const std::vector<std::pair<std::string, std::string>>& tests,
      RunOptions options = {}) {
    std::vector<Candidate> candidates;
    for (const auto& [source, fixture] : tests) {
      candidates.push_back({source, {"result", fixture}, {}, {fixture}});
    }
    return harness.run(candidates, options).value();
  }

  std::vector<std::string> usable(Harness& harness, const std::string& name,
                                  std::vector<model::Omission>& omissions) {
    Universe universe;
    universe.alias = "target";
    std::vector<std::string> out;
    const auto fixtures = usable_fixtures(harness, {{name, conftests_[0].string(), "target.Cart"}},
                                          universe, omissions);
    EXPECT_TRUE(fixtures);
    for (const auto& fixture : fixtures.value()) out.push_back(fixture.name);
    return out;
  }
};

TEST_F(ProjectFixtures, AreMadeAnewForEachCandidate) {
  auto harness = with(
      "import pytest, target\n\n@pytest.fixture\ndef cart():\n    return target.Cart()\n\n"
      "@pytest.fixture\ndef full(cart):\n    cart.items.append(7)\n    return cart\n");
  const auto results =
      run(*harness,
          {{"result = target.add(full, 1)", "full"}, {"result = target.add(full, 1)", "full"}},
          {.observe = true});
  for (const auto& result : results) {
    ASSERT_EQ(result.outcome, CandidateOutcome::Passed) << result.shape;
    const auto& facts = result.facts;
    EXPECT_TRUE(std::any_of(facts.begin(), facts.end(), [](const Fact& fact) {
      return fact.expression == "result" && fact.literal == "2";
    }));
  }
}

TEST_F(ProjectFixtures, WhatFollowsTheYieldRunsAfterwards) {
  auto harness = with(
      "import pytest, target\n\nLOG = []\n\n@pytest.fixture\ndef cart():\n"
      "    yield target.Cart()\n    LOG.append(1)\n\n"
      "@pytest.fixture\ndef log():\n    return LOG\n");
  const auto results = run(*harness, {{"result = target.count(cart)", "cart"},
                                      {"result = len(log) and [len(log)]", "log"}});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[1].shape, "list+");
}

TEST_F(ProjectFixtures, ASharedOneThatACandidateChangesIsNoTest) {
  auto harness = with(
      "import pytest, target\n\n@pytest.fixture(scope='session')\ndef cart():\n"
      "    return target.Cart()\n");
  const auto results = run(*harness, {{"result = target.add(cart, 1)", "cart"},
                                      {"result = target.count(cart) or None", "cart"}});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Discarded);
  EXPECT_EQ(results[1].outcome, CandidateOutcome::Passed);
  EXPECT_EQ(results[1].shape, "None") << "it was made anew";
}

TEST_F(ProjectFixtures, AskForTheRunnersOwn) {
  auto harness = with(
      "import os, pytest, target\n\n@pytest.fixture\ndef cart(tmp_path, monkeypatch, request):\n"
      "    monkeypatch.setenv('SHOP', 'open')\n    (tmp_path / 'a').write_text('b')\n"
      "    request.addfinalizer(lambda: None)\n"
      "    made = target.Cart()\n    made.items = [os.environ['SHOP'], (tmp_path / "
      "'a').read_text()]\n"
      "    return made\n");
  const auto results = run(*harness, {{"result = target.count(cart)", "cart"}});
  EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed) << results[0].shape;
}

TEST_F(ProjectFixtures, OneThatCannotBeHadIsLeftOutWithItsReason) {
  auto harness = with(
      "import pytest, target\n\n@pytest.fixture\ndef broken():\n"
      "    raise RuntimeError('no database')\n\n"
      "@pytest.fixture(params=[1, 2])\ndef many(request):\n    return [request.param]\n\n"
      "@pytest.fixture\ndef mocked(mocker):\n    return mocker\n\n"
      "@pytest.fixture\ndef loop(loop):\n    return loop\n\n"
      "@pytest.fixture\ndef leaves():\n    import os\n    os._exit(3)\n\n"
      "@pytest.fixture\ndef cart():\n    return target.Cart()\n");
  for (const auto& [name, reason] :
       {std::pair{"broken", "no database"}, std::pair{"many", "parameters"},
        std::pair{"mocked", "no conftest.py gives mocker"}, std::pair{"loop", "gives loop"},
        std::pair{"leaves", "ends its process"}, std::pair{"unknown", "not understood"}}) {
    std::vector<model::Omission> omissions;
    EXPECT_TRUE(usable(*harness, name, omissions).empty()) << name;
    ASSERT_EQ(omissions.size(), 1u) << name;
    EXPECT_NE(omissions[0].reason.find(reason), std::string::npos) << omissions[0].reason;
  }
  std::vector<model::Omission> omissions;
  EXPECT_EQ(usable(*harness, "cart", omissions), std::vector<std::string>{"cart"});
  EXPECT_TRUE(omissions.empty());
}

TEST_F(ProjectFixtures, AConftestThatDoesHarmCostsOnlyItsFixtures) {
  for (const char* bad :
       {"import os\nos._exit(3)\n", "while True:\n    pass\n", "raise ValueError('not today')\n",
        "def x(:\n", "import sys\nprint('hello')\nsys.exit(0)\n"}) {
    auto harness = with(bad);
    ASSERT_NE(harness, nullptr) << bad;
    EXPECT_FALSE(harness->fixtures_problem().empty()) << bad;
    std::vector<model::Omission> omissions;
    EXPECT_TRUE(usable(*harness, "cart", omissions).empty());
    EXPECT_EQ(omissions.size(), 1u);
    const auto results = HarnessTest::run(*harness, {"result = target.count(target.Cart())"});
    EXPECT_EQ(results[0].outcome, CandidateOutcome::Passed) << bad;
  }
}

TEST(OfferedFixtures, AreObjectsAndArgumentsWithoutALineOfTheirOwn) {
  const model::ModuleModel module = small_module();
  Universe universe = small_universe(module);
  offer_fixtures(universe, {{"cart", "/p/conftest.py", "shop.Cart"}});
  TestProgram program;
  Statement made;
  made.callable = universe.fixtures.at("cart");
  Statement act;
  act.callable = universe.find("Cart.add");
  act.receiver = 0;
  act.arguments = {Value::fixture("item", static_cast<std::int64_t>(TypeTag::Str))};
  program.statements = {made, act};
  const RenderedProgram rendered = render_program(program, universe);
  EXPECT_EQ(rendered.source(), "result = cart.add(item)");
  EXPECT_EQ(rendered.fixtures, (std::vector<std::string>{"cart", "item"}));
  EXPECT_EQ(rendered.watch, (std::vector<std::string>{"result", "cart", "item"}));
  EXPECT_EQ(line_count(program, universe), 1u);
}

}  // namespace
}  // namespace testgen::engine
