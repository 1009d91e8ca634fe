// What the planner answers when a candidate was discarded, and that it remembers.
#include "engine/explorer/environment_plan.h"

#include <gtest/gtest.h>

#include "small_universe.h"

namespace testgen::engine {
namespace {

class EnvironmentPlanTest : public ::testing::Test {
 protected:
  TestProgram price(std::vector<Value> arguments) {
    Statement act;
    act.callable = universe_.find("price");
    act.arguments = std::move(arguments);
    return {{act}};
  }

  static CandidateResult discarded(std::vector<std::string> touched) {
    CandidateResult result;
    result.outcome = CandidateOutcome::Discarded;
    result.shape = touched.front();
    result.touched = std::move(touched);
    return result;
  }

  std::vector<std::string> sources(const std::vector<TestProgram>& programs) {
    std::vector<std::string> out;
    for (const TestProgram& program : programs) {
      out.push_back(render_program(program, universe_).source());
    }
    return out;
  }

  static bool any_holds(const std::vector<std::string>& sources, std::string_view text) {
    return std::any_of(sources.begin(), sources.end(), [&](const std::string& source) {
      return source.find(text) != std::string::npos;
    });
  }

  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
  base::Random random_{7};
  ValueFactory values_{universe_, random_};
  EnvironmentPlanner planner_{universe_, module_, values_, random_};
};

TEST_F(EnvironmentPlanTest, AVariableIsSetAndTakenAway) {
  const auto answers = sources(
      planner_.respond(price({Value::integer(1)}), discarded({"environment", "SHOP_RATE"})));
  EXPECT_TRUE(any_holds(answers, "monkeypatch.setenv(\"SHOP_RATE\", "));
  EXPECT_TRUE(any_holds(answers, "monkeypatch.delenv(\"SHOP_RATE\", raising=False)"));
}

TEST_F(EnvironmentPlanTest, AClockIsReplacedWhereTheModuleFindsIt) {
  const TestProgram program = price({Value::integer(1)});
  const auto direct =
      sources(planner_.respond(program, discarded({"call", "time.time", "clock.time"})));
  EXPECT_TRUE(any_holds(direct, "monkeypatch.setattr(shop.clock, \"time\", lambda: 1.7e+09)"));
  const auto date =
      planner_.respond(program, discarded({"call", "datetime.datetime.now", "datetime.now"}));
  ASSERT_FALSE(date.empty());
  const auto rendered = render_program(date.front(), universe_);
  EXPECT_TRUE(rendered.source().starts_with(
      "monkeypatch.setattr(shop, \"datetime\", clock_at(2024, 3, 15"));
  ASSERT_EQ(rendered.definitions.size(), 1U);
  EXPECT_EQ(rendered.fixtures, std::vector<std::string>{"monkeypatch"});
}

TEST_F(EnvironmentPlanTest, AnArgumentThatWasOpenedBecomesAFile) {
  const auto answers =
      sources(planner_.respond(price({Value::string("abc")}), discarded({"file", "abc", "r"})));
  ASSERT_FALSE(answers.empty());
  for (const std::string& source : answers) {
    EXPECT_NE(source.find("result = shop.price("), std::string::npos);
    EXPECT_NE(source.find("tmp_path"), std::string::npos) << source;
  }
  EXPECT_TRUE(any_holds(answers, ".write_text("));
}

TEST_F(EnvironmentPlanTest, APathFromNowhereIsMadeInTheCurrentFolder) {
  const auto answers = sources(
      planner_.respond(price({Value::integer(1)}), discarded({"file", "conf/shop.ini", "r"})));
  EXPECT_TRUE(any_holds(answers, "monkeypatch.chdir(tmp_path)"));
  EXPECT_TRUE(any_holds(answers, "(tmp_path / \"conf/shop.ini\").write_text("));
  EXPECT_TRUE(any_holds(answers, "(tmp_path / \"conf\").mkdir(parents=True)"));
  EXPECT_TRUE(planner_.respond(price({Value::integer(1)}), discarded({"file", "/etc/passwd", "r"}))
                  .empty());
}

TEST_F(EnvironmentPlanTest, AConstantThatHoldsAFolderIsMoved) {
  const auto answers = sources(
      planner_.respond(price({Value::integer(1)}),
                       discarded({"file", "/etc/shop/a.ini", "r", "FOLDER", "text", "/etc/shop"})));
  EXPECT_TRUE(any_holds(answers, "monkeypatch.setattr(shop, \"FOLDER\", str(tmp_path))"));
  EXPECT_TRUE(any_holds(answers, "(tmp_path / \"a.ini\").write_text("));
}

TEST_F(EnvironmentPlanTest, StateBeginsAsItWasAfterTheImport) {
  const auto answers = sources(
      planner_.respond(price({Value::integer(1)}), discarded({"state", "Cart", "count", "0"})));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_TRUE(answers.front().starts_with("monkeypatch.setattr(shop.Cart, \"count\", 0)\n"));
}

TEST_F(EnvironmentPlanTest, WhatOneProgramNeededTheNextOneGets) {
  EXPECT_FALSE(planner_.respond(price({}), discarded({"stdin"})).empty());
  int arranged = 0;
  for (int i = 0; i < 40; ++i) {
    TestProgram fresh = price({Value::integer(i)});
    planner_.prepare(fresh);
    arranged += fresh.statements.size() == 2 ? 1 : 0;
    TestProgram again = fresh;
    planner_.prepare(again);
    if (fresh.statements.size() == 2) {
      EXPECT_EQ(again.statements.size(), 2U) << "once is enough";
    }
  }
  EXPECT_GT(arranged, 30);
}

TEST_F(EnvironmentPlanTest, AStandInTakesTheShapeThatWasUsed) {
  const TestProgram program = price({Value::integer(1)});
  const auto first = planner_.respond(program, discarded({"call", "requests.get", "requests.get"}));
  const auto open = std::find_if(first.begin(), first.end(), [](const TestProgram& answer) {
    return answer.statements.front().arguments.front().text == "mock.MagicMock";
  });
  ASSERT_NE(open, first.end());
  CandidateResult used;
  used.outcome = CandidateOutcome::Passed;
  used.stub_uses = {{"shop.requests.get", {"()", "().status_code", "().json", "().json()"}}};
  const auto shaped = planner_.respond(*open, used);
  ASSERT_FALSE(shaped.empty());
  for (const std::string& source : sources(shaped)) {
    EXPECT_NE(source.find("mock.Mock(return_value=mock.Mock(json=mock.Mock(return_value={"),
              std::string::npos)
        << source;
    EXPECT_NE(source.find("status_code="), std::string::npos);
  }
  EXPECT_TRUE(planner_.respond(*open, used).empty()) << "a shape is tried once";
}

TEST_F(EnvironmentPlanTest, AnswersComeToAnEnd) {
  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    answered += planner_.respond(price({Value::integer(i)}), discarded({"argv"})).empty() ? 0 : 1;
  }
  EXPECT_GT(answered, 10);
  EXPECT_LT(answered, 100);
}

}  // namespace
}  // namespace testgen::engine
