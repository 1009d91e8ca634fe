#include "scoring/score.h"

#include <gtest/gtest.h>

namespace testgen::scoring {
namespace {

model::TestCase test_with(model::Assertion::Kind kind) {
  model::TestCase test;
  test.assertions = {{"result", "1", kind}};
  return test;
}

constexpr double kTolerance = 1e-12;

TEST(Score, NoTestsIsZero) {
  EXPECT_EQ(strength({}), 0.0);
  EXPECT_EQ(quality(0.0, model::Coverage{}, std::nullopt), 0.0);
}

TEST(Score, FullCoverageWithExactAssertionsIsOne) {
  const model::Coverage full{"coverage.py", 10, 10, 4, 4};
  model::MutationScore all;
  all.mutants_run = all.killed = 7;
  const double exact = strength({test_with(model::Assertion::Kind::Equal)});
  EXPECT_NEAR(quality(exact, full, all), 1.0, kTolerance);
  EXPECT_NEAR(quality(exact, full, std::nullopt), 1.0, kTolerance);
}

TEST(Score, PartsAreWeighedAsDocumented) {
  const model::Coverage half{"coverage.py", 10, 5, 4, 1};
  model::MutationScore some;
  some.mutants_run = 10;
  some.killed = 6;
  const double type = strength({test_with(model::Assertion::Kind::Type)});
  EXPECT_NEAR(quality(type, half, some), 0.4 * 0.6 + 0.3 * 0.25 + 0.1 * 0.5 + 0.2 * 0.3,
              kTolerance);
}

TEST(Score, WithoutMutantsStrengthStandsForThem) {
  const double type = strength({test_with(model::Assertion::Kind::Type)});
  EXPECT_NEAR(quality(type, std::nullopt, model::MutationScore{}), 0.6 * 0.3, kTolerance);
}

TEST(Score, ExceptionsCountLessWithoutTheirMessage) {
  model::TestCase with;
  with.exception = model::ExpectedException{"ValueError", "builtins", "bad", true};
  model::TestCase without = with;
  without.exception->message.clear();
  EXPECT_GT(strength({with}), strength({without}));
}

TEST(Score, AModuleWithoutBranchesLosesNothing) {
  const model::Coverage lines_only{"coverage.py", 3, 3, 0, 0};
  EXPECT_NEAR(quality(1.0, lines_only, std::nullopt), 1.0, kTolerance);
}

}  // namespace
}  // namespace testgen::scoring
