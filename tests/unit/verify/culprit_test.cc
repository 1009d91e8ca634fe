// The search for the test that took the runner down, with runs that are only asked about.
#include "verify/culprit.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace testgen::verify {
namespace {

Tests numbered(std::size_t count) {
  Tests out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("test_" + std::to_string(i));
  return out;
}

bool holds(const Tests& tests, const std::string& name) {
  return std::find(tests.begin(), tests.end(), name) != tests.end();
}

TEST(Culprit, IsFoundWhereverItWasBegun) {
  const Tests begun = numbered(37);
  for (const std::string& guilty : begun) {
    int runs = 0;
    const auto found = culprit(begun, [&](const Tests& tests) {
      ++runs;
      return holds(tests, guilty);
    });
    EXPECT_EQ(found, guilty);
    EXPECT_LE(runs, 11) << guilty;  // about twice the logarithm
  }
}

TEST(Culprit, TheLastOneIsAskedAboutFirst) {
  std::vector<Tests> asked;
  EXPECT_EQ(culprit(numbered(9),
                    [&](const Tests& tests) {
                      asked.push_back(tests);
                      return true;
                    }),
            "test_8");
  EXPECT_EQ(asked, std::vector<Tests>{{"test_8"}});
}

TEST(Culprit, GroupsKeepTheOrderInWhichTestsWereBegun) {
  const Tests begun = numbered(20);
  (void)culprit(begun, [&](const Tests& tests) {
    EXPECT_NE(std::search(begun.begin(), begun.end(), tests.begin(), tests.end()), begun.end());
    return holds(tests, "test_3");
  });
}

TEST(Culprit, NobodyIsBlamedWhenTheRunnerLivesOn) {
  EXPECT_EQ(culprit(numbered(6), [](const Tests&) { return false; }), std::nullopt);
  EXPECT_EQ(culprit({}, [](const Tests&) { return true; }), std::nullopt);
}

}  // namespace
}  // namespace testgen::verify
