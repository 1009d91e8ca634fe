// A rule's examples are its tests: each bad one is found by it, each good one is not.
#include <map>

#include "scan_fixture.h"

namespace testgen::scan {
namespace {

std::string example_name(const Rule& rule) {
  static const std::map<std::string_view, std::string> kNames{
      {"python", "e.py"}, {"javascript", "e.js"}, {"typescript", "e.ts"},
      {"java", "e.java"}, {"go", "e.go"},         {"csharp", "e.cs"},
      {"rust", "e.rs"},   {"c", "e.c"},           {"cpp", "e.cpp"}};
  if (rule.languages.empty()) return "e.txt";
  return kNames.at(to_string(rule.languages.front()));
}

class RuleExamples : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(load_built_in(Examples::Read, files_));
    auto rules = Rules::load({.audit = true});
    ASSERT_TRUE(rules) << base::describe(rules.error());
    rules_ = *rules;
  }
  [[nodiscard]] bool finds(const Rule& rule, const Example& example) const {
    const FileReport report = scan_file(*rules_, example_name(rule), example.code);
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [&](const Finding& one) { return one.rule == rule.id; });
  }
  RuleFiles files_;
  std::shared_ptr<const Rules> rules_;
};

TEST_F(RuleExamples, AreFoundWhereTheyAreBad) {
  for (const Rule& rule : files_.rules) {
    for (const Example& example : rule.bad) {
      EXPECT_TRUE(finds(rule, example)) << rule.file << ":" << example.line;
    }
  }
}

TEST_F(RuleExamples, AreLeftAloneWhereTheyAreGood) {
  for (const Rule& rule : files_.rules) {
    for (const Example& example : rule.ok) {
      EXPECT_FALSE(finds(rule, example)) << rule.file << ":" << example.line;
    }
  }
}

TEST_F(RuleExamples, AreAtLeastThreeOfEachKind) {
  for (const Rule& rule : files_.rules) {
    EXPECT_GE(rule.bad.size(), 3U) << rule.file;
    EXPECT_GE(rule.ok.size(), 3U) << rule.file;
  }
}

TEST_F(RuleExamples, BelongToRulesThatSayWhatToDo) {
  std::map<std::string, int> ids;
  for (const Rule& rule : files_.rules) {
    EXPECT_EQ(++ids[rule.id], 1) << rule.id << " is there twice";
    EXPECT_FALSE(rule.fix.empty()) << rule.file;
    EXPECT_FALSE(rule.owasp.empty()) << rule.file;
    EXPECT_GT(rule.cwe, 0U) << rule.file;
    EXPECT_EQ(rule.message.back(), '.') << rule.file;
  }
}

}  // namespace
}  // namespace testgen::scan
