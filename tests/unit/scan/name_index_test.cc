#include "scan/names/name_index.h"

#include <gtest/gtest.h>

namespace testgen::scan {
namespace {

bool matches(std::string_view pattern, std::string_view name) {
  NameIndex<bool> index;
  EXPECT_TRUE(index.add(pattern, true));
  return index.matches(name);
}

TEST(NameIndex, TakesAPlainNameOnlyAsItIs) {
  EXPECT_TRUE(matches("eval", "eval"));
  EXPECT_FALSE(matches("eval", "model.eval"));
}

TEST(NameIndex, TakesADottedNameAtTheEndOfALongerOne) {
  EXPECT_TRUE(matches("os.system", "os.system"));
  EXPECT_TRUE(matches("os.system", "self.os.system"));
  EXPECT_FALSE(matches("os.system", "macos.system"));
}

TEST(NameIndex, TakesAnyReceiver) {
  EXPECT_TRUE(matches("*.execute", "a.b().execute"));
  EXPECT_FALSE(matches("*.execute", "execute"));
}

TEST(NameIndex, TakesAClassInAnyPackage) {
  EXPECT_TRUE(matches("Markup", "markupsafe.Markup"));
  EXPECT_FALSE(matches("Markup", "NoMarkup"));
  EXPECT_TRUE(matches("*.csrf().disable", "http.x().csrf().disable"));
}

TEST(NameIndex, TakesEverythingBelow) {
  EXPECT_TRUE(matches("random.*", "random.choice"));
  EXPECT_FALSE(matches("random.*", "self.random.choice"));
  EXPECT_TRUE(matches("math.rand.*", "go.math.rand.Int"));
  EXPECT_FALSE(matches("numpy.random.*", "random.choice"));
  EXPECT_FALSE(matches("random.*", "random"));
}

TEST(NameIndex, TakesExpressionsOnTheLastPart) {
  EXPECT_TRUE(matches("/(?i)passw/", "self.dbPassword"));
  EXPECT_FALSE(matches("/(?i)passw/", "password.length"));
  NameIndex<bool> index;
  EXPECT_FALSE(index.add("/(/", true));
}

}  // namespace
}  // namespace testgen::scan
