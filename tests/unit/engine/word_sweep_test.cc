#include "engine/explorer/word_sweep.h"

#include <numeric>

#include "engine/explorer/budget.h"
#include "engine/explorer/observation.h"
#include "harness_fixture.h"

namespace testgen::engine {
namespace {

class WordSweepTest : public HarnessTest {
 protected:
  // The pool after sweeping the module's tables with one program: `target.plural("a")`; with
  // `meets` that program has met all mutants before.
  std::vector<PoolTest> swept(const std::string& text, bool meets = false) {
    auto harness = start(text);
    EXPECT_TRUE(harness) << describe(harness.error());
    if (!harness) return {};
    universe_ = build_universe(module_, (*harness)->symbols(), "target");
    Archive archive(module_.goals.size(), {}, universe_);
    Budget budget(clock_, std::chrono::seconds(60), 100'000);
    base::Random random(1);
    Statement call;
    call.callable = universe_.find("plural");
    call.arguments = {Value::string("a")};
    const TestProgram program{{call}};
    archive.offer(program, run(**harness, {"result = target.plural(\"a\")"}).front());
    MutantTrial trial(**harness, module_, universe_, budget);
    std::vector<PoolTest> pool;
    std::vector<std::size_t> all(module_.mutation.mutants.size());
    std::iota(all.begin(), all.end(), 0U);
    if (meets) {
      auto seen = observe({SuiteMember{program, Standing::Returned, "", {}, {}}}, universe_,
                          {harness->get()});
      EXPECT_TRUE(seen && seen->tests.size() == 1U);
      EXPECT_TRUE(trial.try_tests(seen->tests, {0}, all, true, 1.0));
    }
    const auto done = sweep_tables(**harness, universe_, archive, trial, pool, random, budget, 1.0);
    EXPECT_TRUE(done) << (done ? "" : describe(done.error()));
    // The sweep tries a few mutants of a dozen words; what the tests notice of all is asked here.
    std::vector<std::size_t> tests(pool.size());
    std::iota(tests.begin(), tests.end(), 0U);
    const auto tried = trial.try_tests(pool, tests, all, false, 1.0);
    EXPECT_TRUE(tried) << (tried ? "" : describe(tried.error()));
    for (std::size_t i = 0; i < module_.mutation.mutants.size(); ++i) killed_ += trial.killed(i);
    return pool;
  }

  Universe universe_;
  std::size_t killed_ = 0;
};

constexpr const char* kPlurals =
    "_PLURALS = {'man': 'men', 'foot': 'feet', 'axis': 'axes', 'ox': 'oxen', 'die': 'dice'}\n"
    "def plural(word):\n"
    "    if not word.isalpha():\n        raise ValueError(word)\n"
    "    return _PLURALS.get(word, word + 's')\n";

TEST_F(WordSweepTest, EveryEntryOfAPrivateTableIsAskedFor) {
  const auto pool = swept(kPlurals);
  ASSERT_EQ(pool.size(), 1U);
  const RenderedProgram rendered = render_program(pool[0].member.program, universe_);
  EXPECT_TRUE(rendered.source().starts_with("result = [target.plural(word) for word in [\"man\", "))
      << rendered.source();
  EXPECT_GE(pool[0].kills.size(), 10U) << "one for each key and each value";
  ASSERT_FALSE(pool[0].test.assertions.empty());
  EXPECT_TRUE(pool[0].test.assertions[0].literal.starts_with("[\"men\", "))
      << pool[0].test.assertions[0].literal;
}

TEST_F(WordSweepTest, TablesTakeTurns) {
  std::string text = "_FIRST = {";
  for (int i = 0; i < 40; ++i) {
    const std::string name{static_cast<char>('a' + i / 26), static_cast<char>('a' + i % 26)};
    text += "'" + name + "': '" + name + "en', ";
  }
  text +=
      "}\n\n\n\n_SECOND = {'man': 'men', 'foot': 'feet', 'axis': 'axes', 'ox': 'oxen'}\n"
      "def plural(word):\n"
      "    return _FIRST.get(word) or _SECOND.get(word, word + 's')\n";
  const auto pool = swept(text);
  ASSERT_GE(pool.size(), 3U);
  const std::string second = render_program(pool[1].member.program, universe_).source();
  EXPECT_NE(second.find("\"man\""), std::string::npos) << second;
}

TEST_F(WordSweepTest, WordsThatTheFunctionRefusesAreLeftOut) {
  std::string text = kPlurals;
  text.replace(text.find("'ox': 'oxen'"), 12, "'o x': 'oxen'");
  const auto pool = swept(text);
  ASSERT_EQ(pool.size(), 1U);
  const std::string source = render_program(pool[0].member.program, universe_).source();
  EXPECT_EQ(source.find("o x"), std::string::npos) << source;
  EXPECT_NE(source.find("axis"), std::string::npos) << source;
}

TEST_F(WordSweepTest, AFunctionThatDoesNotCareAboutTheTableIsNotSwept) {
  EXPECT_TRUE(swept("_WORDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']\n"
                    "def plural(word):\n    return word\n")
                  .empty());
}

TEST_F(WordSweepTest, WhatARuleSaysIsShownByTheWordsOfItsPattern) {
  const auto pool = swept(
      "import re\n"
      "_RULES = [\n    ('(ax)is$', '\\\\1es'),\n    ('(m)an$', '\\\\1en'),\n"
      "    ('(f)oot$', '\\\\1eet'),\n    ('(o)x$', '\\\\1xen'),\n    ('(d)ie$', '\\\\1ice'),\n"
      "    ('(m)ouse$', '\\\\1ice'),\n]\n"
      "def plural(word):\n"
      "    for pattern, replacement in _RULES:\n"
      "        if re.search(pattern, word):\n"
      "            return re.sub(pattern, replacement, word)\n"
      "    return word\n",
      true);
  ASSERT_EQ(pool.size(), 1U)
      << "an emptied pattern is noticed by any word, an emptied ending is not";
  const std::string source = render_program(pool[0].member.program, universe_).source();
  EXPECT_NE(source.find("\"ox\""), std::string::npos) << source;
  EXPECT_GE(pool[0].kills.size(), 6U);
}

TEST_F(WordSweepTest, NumbersOfCharactersAreTriedAsCharacters) {
  const auto pool = swept(
      "_PLAIN = {0xe4: 'ae', 0xf6: 'oe', 0xfc: 'ue', 0xdf: 'ss', 0xe9: 'e', 0xe8: 'e'}\n"
      "def plural(word):\n    return word.translate(_PLAIN)\n");
  ASSERT_FALSE(pool.empty());
  EXPECT_GE(killed_, 10U);
}

}  // namespace
}  // namespace testgen::engine
