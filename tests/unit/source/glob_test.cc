#include "source/glob.h"

#include <gtest/gtest.h>

namespace testgen::source {
namespace {

TEST(Glob, MatchesTheEndOfAPath) {
  EXPECT_TRUE(Glob("migrations").matches("shop/migrations"));
  EXPECT_TRUE(Glob("migrations/").matches("migrations"));
  EXPECT_FALSE(Glob("migrations").matches("shop/migrations/0001.py"));  // its folder is left out
  EXPECT_FALSE(Glob("migrations").matches("shop/old_migrations"));
  EXPECT_TRUE(Glob("*_pb2.py").matches("/srv/shop/api_pb2.py"));
  EXPECT_TRUE(Glob("shop/*.py").matches("src/shop/cart.py"));
  EXPECT_FALSE(Glob("shop/*.py").matches("src/shop/web/cart.py"));
  EXPECT_TRUE(Glob("./src/cart.py").matches("src/cart.py"));
}

TEST(Glob, TwoStarsStandForAnyNumberOfFolders) {
  EXPECT_TRUE(Glob("shop/**/cart.py").matches("shop/cart.py"));
  EXPECT_TRUE(Glob("shop/**/cart.py").matches("src/shop/a/b/cart.py"));
  EXPECT_FALSE(Glob("shop/**/cart.py").matches("cart.py"));
  EXPECT_TRUE(Glob("shop/**").matches("shop/a/b.py"));
  EXPECT_TRUE(Glob("**/gen").matches("gen"));
}

TEST(Glob, OtherSignsOfTheShell) {
  EXPECT_TRUE(Glob("v[0-9].py").matches("api/v1.py"));
  EXPECT_FALSE(Glob("v[0-9].py").matches("api/vx.py"));
  EXPECT_TRUE(Glob("v?.py").matches("vx.py"));
  EXPECT_TRUE(Glob("v[.py").matches("v[.py"));
  EXPECT_FALSE(Glob("").matches("a.py"));
  EXPECT_FALSE(Glob("/").matches("a.py"));
}

TEST(Glob, ManyStarsTakeNoLongerThanTheyAreLong) {
  std::string pattern;
  std::string path;
  for (int i = 0; i < 200; ++i) {
    pattern += "**/a/";
    path += "a/";
  }
  EXPECT_FALSE(Glob(pattern + "b").matches(path));
}

}  // namespace
}  // namespace testgen::source
