#include "base/paths.h"

#include <gtest/gtest.h>

namespace testgen::base {
namespace {

TEST(PathsTest, AFolderHoldsItselfAndWhatLiesBelow) {
  EXPECT_TRUE(is_inside("/a/b", "/a/b"));
  EXPECT_TRUE(is_inside("/a/b/c.py", "/a"));
  EXPECT_TRUE(is_inside("/a", "/"));
}

TEST(PathsTest, AnotherNameWithTheSameBeginningIsOutside) {
  EXPECT_FALSE(is_inside("/ab", "/a"));
  EXPECT_FALSE(is_inside("/a", "/a/b"));
  EXPECT_FALSE(is_inside("a/b", "/a"));
}

}  // namespace
}  // namespace testgen::base
