// The lines of arrangement, letter by letter where readers see them.
#include "engine/explorer/environment_options.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace testgen::engine {
namespace {

using Kind = EnvironmentNeed::Kind;

class EnvironmentOptionsTest : public ::testing::Test {
 protected:
  EnvironmentOptionsTest() {
    context_.alias = "shop";
    context_.words = {"--fast", "EUR"};
    context_.file_texts = {"abc"};
    context_.random = &random_;
  }

  std::string line(const Statement& statement) {
    std::string out = statement.source;
    for (std::size_t i = 0; i < statement.arguments.size(); ++i) {
      out += (i > 0 ? ", " : "") + render(statement.arguments[i]);
    }
    return statement.arguments.empty() ? out : out + ")";
  }

  std::vector<std::string> lines(const EnvironmentNeed& need) {
    std::vector<std::string> out;
    for (const Arrangement& option : options_for(need, context_)) {
      for (const Statement& statement : option) out.push_back(line(statement));
    }
    return out;
  }

  bool offers(const EnvironmentNeed& need, const std::string& wanted) {
    const auto all = lines(need);
    return std::find(all.begin(), all.end(), wanted) != all.end();
  }

  base::Random random_{3};
  OptionContext context_;
};

TEST_F(EnvironmentOptionsTest, NamesLeadToWhereTheModuleLooks) {
  EXPECT_TRUE(offers({Kind::Call, "time.sleep", "time.sleep", {}, false},
                     "monkeypatch.setattr(shop.time, \"sleep\", lambda seconds: None)"));
  EXPECT_TRUE(offers({Kind::Call, "time.sleep", "sleep", {}, false},
                     "monkeypatch.setattr(shop, \"sleep\", lambda seconds: None)"));
  EXPECT_TRUE(offers({Kind::Call, "time.sleep", "", {}, false},
                     "monkeypatch.setattr(\"time.sleep\", lambda seconds: None)"));
}

TEST_F(EnvironmentOptionsTest, TheEndOfTheProcessIsOne) {
  EXPECT_EQ(lines({Kind::Call, "os._exit", "os._exit", {}, false}),
            std::vector<std::string>{"monkeypatch.setattr(shop.os, \"_exit\", sys.exit)"});
}

TEST_F(EnvironmentOptionsTest, ProcessesSucceedFailAndAreMissing) {
  const EnvironmentNeed run{Kind::Call, "subprocess.run", "subprocess.run", {}, false};
  EXPECT_TRUE(offers(run,
                     "monkeypatch.setattr(shop.subprocess, \"run\", mock.Mock(return_value="
                     "mock.Mock(returncode=0, stdout=\"abc\", stderr=\"\")))"));
  EXPECT_TRUE(offers(run,
                     "monkeypatch.setattr(shop.subprocess, \"run\", mock.Mock(side_effect="
                     "FileNotFoundError(\"no such program\")))"));
  for (const Arrangement& option : options_for(run, context_)) {
    EXPECT_EQ(option.front().stub, "shop.subprocess.run");
  }
}

TEST_F(EnvironmentOptionsTest, OneKeyForWhatOneArrangementSettles) {
  const EnvironmentNeed choice{Kind::Call, "random.choice", "random.choice", {}, false};
  const EnvironmentNeed sample{Kind::Call, "random.sample", "sample", {}, false};
  EXPECT_EQ(choice.key(), sample.key()) << "both begin from the same seed";
  EXPECT_TRUE(offers(sample, "random.seed(0)"));
  const EnvironmentNeed time{Kind::Call, "time.time", "time.time", {}, false};
  EXPECT_NE(choice.key(), time.key());
}

TEST_F(EnvironmentOptionsTest, FlagsOfTheModuleBecomeArguments) {
  const EnvironmentNeed arguments{Kind::Arguments, {}, {}, {}, false};
  EXPECT_TRUE(offers(arguments, "monkeypatch.setattr(\"sys.argv\", [\"prog\"])"));
  EXPECT_TRUE(offers(arguments, "monkeypatch.setattr(\"sys.argv\", [\"prog\", \"--fast\"])"));
}

TEST_F(EnvironmentOptionsTest, UnknownStateCannotBeRestored) {
  EXPECT_TRUE(options_for({Kind::State, "_pool", "", "", false}, context_).empty());
}

TEST_F(EnvironmentOptionsTest, AStandInHasWhatWasUsedAndNothingElse) {
  const Value value =
      shaped_stand_in({"()", "().__enter__", "().__enter__()", "().__enter__().read",
                       "().__enter__().read()", "().name", "().evil(); import os", "()."},
                      context_);
  const std::string source = render(value);
  EXPECT_TRUE(
      source.starts_with("mock.Mock(return_value=mock.MagicMock(__enter__=mock.Mock("
                         "return_value=mock.Mock(read=mock.Mock(return_value="))
      << source;
  EXPECT_EQ(source.find("evil"), std::string::npos) << "paths come from hostile ground";
  EXPECT_EQ(source.find("name="), std::string::npos) << "a Mock takes that word for itself";
}

}  // namespace
}  // namespace testgen::engine
