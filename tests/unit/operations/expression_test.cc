#include "operations/logs/expression.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace testgen::operations {
namespace {

bool holds(const std::string& condition, const std::string& line) {
  const auto parsed = Expression::parse(condition);
  EXPECT_TRUE(parsed) << condition << ": " << (parsed ? "" : describe(parsed.error()));
  return parsed && parsed->matches(nlohmann::json::parse(line));
}

std::string problem(const std::string& condition) {
  const auto parsed = Expression::parse(condition);
  return parsed ? "(none)" : parsed.error().message;
}

constexpr const char* kLine =
    R"({"level":"ERROR","duration_ms":1500.5,"status":"503","path":"/v1/jobs","ok":true,"none":null,
        "log":{"level":"WARNING"},"http.request.method":"GET","a":{"b.c":{"d":7}}})";

TEST(LogExpression, ComparesNumbersTextsAndBooleans) {
  EXPECT_TRUE(holds("duration_ms>1000", kLine));
  EXPECT_FALSE(holds("duration_ms > 1500.5", kLine));
  EXPECT_TRUE(holds("duration_ms >= 1500.5", kLine));
  EXPECT_TRUE(holds("status>=500", kLine));  // a number in quotes is a number
  EXPECT_FALSE(holds("path>5", kLine));
  EXPECT_TRUE(holds("path==\"/v1/jobs\"", kLine));
  EXPECT_TRUE(holds("path=='/v1/jobs'", kLine));
  EXPECT_TRUE(holds("path~\"jobs\"", kLine));
  EXPECT_FALSE(holds("path!~\"jobs\"", kLine));
  EXPECT_TRUE(holds("path^=\"/v1\"", kLine));
  EXPECT_FALSE(holds("path^=\"jobs\"", kLine));
  EXPECT_TRUE(holds("ok==true", kLine));
  EXPECT_TRUE(holds("ok!=false", kLine));
  EXPECT_FALSE(holds("path==true", kLine));
}

TEST(LogExpression, LevelsAreOrdered) {
  EXPECT_TRUE(holds("level>=\"warning\"", kLine));
  EXPECT_FALSE(holds("level>=\"CRITICAL\"", kLine));
  EXPECT_TRUE(holds("level==\"error\"", kLine));
  EXPECT_TRUE(holds("log.level<\"ERROR\"", kLine));
  EXPECT_TRUE(holds("level>\"WARN\"", kLine));
}

TEST(LogExpression, FieldsAreFoundFlatAndNested) {
  EXPECT_TRUE(holds("http.request.method==\"GET\"", kLine));
  EXPECT_TRUE(holds("a.b.c.d==7", kLine));
  EXPECT_TRUE(holds("`a.b.c.d`==7", kLine));
  EXPECT_FALSE(holds("a.b", kLine));
}

TEST(LogExpression, AMissingFieldIsOnlyUnequal) {
  EXPECT_FALSE(holds("gone==\"x\"", kLine));
  EXPECT_FALSE(holds("gone<5", kLine));
  EXPECT_TRUE(holds("gone!=\"x\"", kLine));
  EXPECT_TRUE(holds("gone!~\"x\"", kLine));
  EXPECT_TRUE(holds("gone==null", kLine));
  EXPECT_TRUE(holds("none==null", kLine));
  EXPECT_TRUE(holds("ok!=null", kLine));
  EXPECT_TRUE(holds("ok", kLine));
  EXPECT_FALSE(holds("none", kLine));
  EXPECT_TRUE(holds("!gone", kLine));
  EXPECT_TRUE(holds("", kLine));
  EXPECT_TRUE(holds("  ", kLine));
}

TEST(LogExpression, AndBindsTighterThanOr) {
  EXPECT_TRUE(holds("ok || gone && gone", kLine));
  EXPECT_FALSE(holds("(ok || gone) && gone", kLine));
  EXPECT_TRUE(holds("not gone and ok or gone", kLine));
  EXPECT_TRUE(holds("!(gone || none) && duration_ms>1 && path", kLine));
  EXPECT_FALSE(holds("order", kLine));  // no "or" in it
  EXPECT_FALSE(holds("notes", kLine));
}

TEST(LogExpression, ErrorsSayWhere) {
  EXPECT_EQ(problem("duration_ms>"),
            "the condition is wrong at character 13, at its end: a value is missing");
  EXPECT_EQ(problem("duration_ms=5"),
            "the condition is wrong at character 12, at \"=5\": write == to compare");
  EXPECT_EQ(problem("a==1 b==2"),
            "the condition is wrong at character 6, at \"b==2\": this cannot follow; && or || is "
            "missing before it");
  EXPECT_EQ(problem("(a==1"),
            "the condition is wrong at character 6, at its end: a closing parenthesis is missing");
  EXPECT_NE(problem("d>1s").find("at character 4, at \"s\": a number has no unit"),
            std::string::npos);
  EXPECT_NE(problem("ü==1").find("at character 1"), std::string::npos);
  EXPECT_NE(problem("a=='ü' x").find("at character 8"), std::string::npos);
  EXPECT_NE(problem("a~5").find("a text in quotes"), std::string::npos);
  for (const char* text : {"==1", "a==\"x", "`a", "``", "a &&", "a || || b", "!", ")", "a==b",
                           "a > > 1", "a==1)", "&& a"}) {
    EXPECT_NE(problem(text), "(none)") << text;
  }
}

TEST(LogExpression, DepthIsBounded) {
  EXPECT_EQ(problem(std::string(90, '(') + "a" + std::string(90, ')')), "(none)");
  EXPECT_NE(problem(std::string(100'000, '(')).find("nested too deeply"), std::string::npos);
  EXPECT_NE(problem(std::string(100'000, '!') + "a").find("nested too deeply"), std::string::npos);
}

TEST(LogExpression, ItsTextParsesToTheSame) {
  for (const char* text :
       {"a==1 || !b && c~'x\"y'", "(a or b) and not c", "`x y`!=null", "a<-1e3"}) {
    const auto parsed = Expression::parse(text);
    ASSERT_TRUE(parsed) << text;
    const auto again = Expression::parse(parsed->text());
    ASSERT_TRUE(again) << parsed->text();
    EXPECT_EQ(again->text(), parsed->text());
  }
}

}  // namespace
}  // namespace testgen::operations
