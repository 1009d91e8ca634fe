#include "scoring/score.h"

#include <gtest/gtest.h>

namespace testgen::scoring {
namespace {

model::TestCase test_with(model::Assertion::Kind kind) {
  model::TestCase test;
  test.assertions = {{"result", "1", kind}};
  return test;
}

TEST(Score, NoTestsIsZero) {
  EXPECT_EQ(quality({}, model::Coverage{}), 0.0);
}

TEST(Score, FullCoverageWithExactAssertionsIsOne) {
  const model::Coverage full{"coverage.py", 10, 10, 4, 4};
  EXPECT_DOUBLE_EQ(quality({test_with(model::Assertion::Kind::Equal)}, full), 1.0);
}

TEST(Score, PartsAreWeighedAsDocumented) {
  const model::Coverage half{"coverage.py", 10, 5, 4, 1};
  EXPECT_DOUBLE_EQ(quality({test_with(model::Assertion::Kind::Type)}, half),
                   0.5 * 0.25 + 0.2 * 0.5 + 0.3 * 0.3);
}

TEST(Score, ExceptionsCountLessWithoutTheirMessage) {
  model::TestCase with;
  with.exception = model::ExpectedException{"ValueError", "builtins", "bad", true};
  model::TestCase without = with;
  without.exception->message.clear();
  EXPECT_GT(quality({with}, std::nullopt), quality({without}, std::nullopt));
}

TEST(Score, AModuleWithoutBranchesLosesNothing) {
  const model::Coverage lines_only{"coverage.py", 3, 3, 0, 0};
  EXPECT_DOUBLE_EQ(quality({test_with(model::Assertion::Kind::Identity)}, lines_only), 1.0);
}

}  // namespace
}  // namespace testgen::scoring
