// A rule's examples are its tests: each bad one is found by it, each good one is not.
#include <map>

#include "scan/rules/examples.h"
#include "scan_fixture.h"

namespace testgen::scan {
namespace {

class RuleExamples : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(read_built_in(files_));
    auto rules = Rules::load({.audit = true});
    ASSERT_TRUE(rules) << base::describe(rules.error());
    rules_ = *rules;
  }
  RuleFiles files_;
  std::shared_ptr<const Rules> rules_;
};

TEST_F(RuleExamples, AreFoundWhereBadAndLeftAloneWhereGood) {
  for (const Rule& rule : files_.rules) {
    for (const FailedExample& one : failed_examples(*rules_, rule)) {
      ADD_FAILURE() << rule.file << ":" << one.example->line << ": " << to_string(one.why);
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
