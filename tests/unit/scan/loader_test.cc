#include "scan/rules/loader.h"

#include <gtest/gtest.h>

#include "base/strings.h"

namespace testgen::scan {
namespace {

constexpr std::string_view kRule = R"RULE(id: python/x
languages: [python]
title: T
message: M
severity: high
cwe: 1
find:
  - call: [a.b]
    when: {"0|name": {in: [X, y]}, shell: true}
examples:
  bad: ["a.b()"]
)RULE";

base::Status load(std::string_view text, RuleFiles& into) {
  return load_rule_file("r.yaml", text, Examples::Read, into);
}

std::string error_of(const std::string& text) {
  RuleFiles files;
  const auto loaded = load(text, files);
  return loaded ? "" : base::describe(loaded.error());
}

TEST(RuleLoader, ReadsARule) {
  RuleFiles files;
  const auto loaded = load(kRule, files);
  ASSERT_TRUE(loaded) << base::describe(loaded.error());
  ASSERT_EQ(files.rules.size(), 1U);
  const Rule& rule = files.rules[0];
  EXPECT_EQ(rule.id, "python/x");
  EXPECT_EQ(rule.severity, Severity::High);
  ASSERT_EQ(rule.find.size(), 1U);
  ASSERT_EQ(rule.find[0].when.size(), 2U);
  EXPECT_EQ(rule.find[0].when[0].at.position, 0);
  EXPECT_EQ(rule.find[0].when[0].at.names, (std::vector<std::string>{"name"}));
  EXPECT_EQ(rule.find[0].when[0].all[0].texts, (std::vector<std::string>{"x", "y"}));
  ASSERT_EQ(rule.bad.size(), 1U);
  EXPECT_EQ(rule.bad[0].line, 11U);
}

TEST(RuleLoader, RefusesUnknownKeysWithTheirLine) {
  EXPECT_EQ(error_of(base::replace_all(std::string(kRule), "severity:", "severty:")),
            "r.yaml:1: \"severity\" is missing");
  const std::string extra = base::replace_all(std::string(kRule), "cwe: 1", "cwe: 1\nowsap: A1");
  EXPECT_EQ(error_of(extra), "r.yaml:7: there is no key \"owsap\" here (did you mean \"owasp\"?)");
}

TEST(RuleLoader, SaysWhatIsWrongAndWhere) {
  EXPECT_NE(error_of("a: [").find("r.yaml:"), std::string::npos);
  EXPECT_NE(error_of("- a").find("a mapping is expected"), std::string::npos);
  EXPECT_NE(error_of(base::replace_all(std::string(kRule), "high", "huge"))
                .find("r.yaml:5: \"huge\" is not a severity"),
            std::string::npos);
  EXPECT_NE(error_of(base::replace_all(std::string(kRule), "[python]", "[cobol]"))
                .find("\"cobol\" is not a language"),
            std::string::npos);
  EXPECT_NE(error_of(base::replace_all(std::string(kRule), "  - call: [a.b]",
                                       "  - call: [a.b]\n    name: [c]"))
                .find("r.yaml:8: one of call"),
            std::string::npos);
  EXPECT_NE(error_of(base::replace_all(std::string(kRule), "{in: [X, y]}", "{matches: \"(\"}"))
                .find("the pattern has"),
            std::string::npos);
}

TEST(RuleLoader, RefusesNamesThatAreNoExpressions) {
  EXPECT_NE(error_of(base::replace_all(std::string(kRule), "[a.b]", "[\"/a(/\"]"))
                .find("r.yaml:8: the pattern has a group that is not closed"),
            std::string::npos);
}

TEST(RuleLoader, RefusesArgumentsOfText) {
  EXPECT_EQ(error_of(base::replace_all(std::string(kRule), "call: [a.b]", "text: a")),
            "r.yaml:9: \"when\" says nothing of text");
}

TEST(RuleLoader, RefusesConditionsOnWhatHasNoArguments) {
  EXPECT_EQ(error_of(base::replace_all(std::string(kRule), "call: [a.b]", "name: [a.b]")),
            "r.yaml:9: \"when\" says nothing of the use of a name");
  EXPECT_EQ(error_of(base::replace_all(std::string(kRule), "call: [a.b]", "import: [a]")),
            "r.yaml:9: \"when\" says nothing of an import");
}

std::string with_edit(const std::string& edit) {
  return base::replace_all(
      std::string(kRule), "examples:\n",
      "    edit: " + edit + "\nexamples:\n  fixed:\n    - {before: a.b(), after: c}\n");
}

TEST(RuleLoader, ReadsEditsAndTheirExamples) {
  RuleFiles files;
  const auto loaded = load(
      with_edit("[{at: callee, rename: {b: c}}, {at: shell, write: 'False'}, {add: x}]"), files);
  ASSERT_TRUE(loaded) << base::describe(loaded.error());
  const auto& edits = files.rules[0].find[0].edit;
  ASSERT_EQ(edits.size(), 3U);
  EXPECT_EQ(edits[0].at, Rewrite::At::Callee);
  EXPECT_EQ(edits[0].names[0], std::pair(std::string("b"), std::string("c")));
  EXPECT_EQ(edits[1].argument.names, (std::vector<std::string>{"shell"}));
  EXPECT_EQ(edits[1].text, "False");
  EXPECT_EQ(edits[2].what, Rewrite::What::Add);
  ASSERT_EQ(files.rules[0].fixed.size(), 1U);
  EXPECT_EQ(files.rules[0].fixed[0].before.line, 13U);
  EXPECT_EQ(files.rules[0].fixed[0].after, "c");
}

TEST(RuleLoader, SaysWhatIsWrongWithAnEdit) {
  EXPECT_NE(error_of(with_edit("{at: 0}")).find("r.yaml:10: one of write, rename, add"),
            std::string::npos);
  EXPECT_NE(error_of(with_edit("{write: x}")).find("\"at\" must say what is changed"),
            std::string::npos);
  EXPECT_NE(error_of(with_edit("{at: any, write: x}")).find("\"at\" names one argument"),
            std::string::npos);
  EXPECT_NE(error_of(with_edit("{at: name, add: x}")).find("how many arguments there must be"),
            std::string::npos);
  EXPECT_NE(error_of(with_edit("{at: 0, rename: x}")).find("must be a mapping of old names"),
            std::string::npos);
  EXPECT_NE(error_of(with_edit("{at: 0, wirte: x}")).find("one of write"), std::string::npos);
  EXPECT_NE(error_of(base::replace_all(with_edit("{write: x}"), "call:", "return:"))
                .find("changes what call, assign, key and name find"),
            std::string::npos);
  EXPECT_NE(error_of(base::replace_all(with_edit("{at: 0, write: x}"),
                                       "  fixed:\n    - {before: a.b(), after: c}\n", ""))
                .find("an \"edit\" that no example shows"),
            std::string::npos);
}

TEST(RuleLoader, LeavesExamplesOutWhenTheyAreNotNeeded) {
  RuleFiles files;
  ASSERT_TRUE(load_rule_file("r.yaml", kRule, Examples::Skip, files));
  EXPECT_TRUE(files.rules[0].bad.empty());
}

TEST(RuleLoader, RefusesHugeFiles) {
  RuleFiles files;
  EXPECT_FALSE(load(std::string(300'000, ' '), files));
}

}  // namespace
}  // namespace testgen::scan
