// A marker is changed by the escapes against its own danger.
#include "reproduce/marker.h"

#include <gtest/gtest.h>

namespace testgen::reproduce {
namespace {

std::string value(std::uint32_t cwe) {
  return marker_for(cwe).value_or(Marker{}).value;
}

TEST(Marker, OnlyForWeaknessesOfText) {
  EXPECT_TRUE(marker_for(78));
  EXPECT_TRUE(marker_for(1336));
  EXPECT_FALSE(marker_for(327)) << "a weak hash is weak whatever goes in";
  EXPECT_FALSE(marker_for(0));
}

TEST(Marker, EscapesChangeIt) {
  for (const std::uint32_t cwe : {78U, 89U, 94U, 79U}) {
    EXPECT_NE(value(cwe).find('\''), std::string::npos) << cwe;
    EXPECT_NE(value(cwe).find('"'), std::string::npos) << cwe;
    // A quote at its very end or beginning would survive being put in quotes.
    EXPECT_NE(value(cwe).front(), '\'') << cwe;
    EXPECT_NE(value(cwe).back(), '\'') << cwe;
  }
  EXPECT_EQ(value(22).substr(0, 3), "../");
  EXPECT_NE(value(117).find('\n'), std::string::npos);
  EXPECT_EQ(value(918).substr(0, 8), "https://");
}

TEST(Marker, OfAQueryOnlyTheTextIsDangerous) {
  EXPECT_FALSE(marker_for(89)->anywhere);
  EXPECT_FALSE(marker_for(78)->anywhere);
  EXPECT_TRUE(marker_for(117)->anywhere);
}

TEST(Marker, TheSourceIsOneLineOfPython) {
  EXPECT_EQ(marker_for(78)->source, R"("testgen'\";id")");
  EXPECT_EQ(marker_for(113)->source, R"("testgen\r\nmarker")");
  EXPECT_EQ(marker_for(113)->bytes, R"(b"testgen\r\nmarker")");
  EXPECT_EQ(literal("a\tb\x01\\"), R"("a\tb\x01\\")");
}

}  // namespace
}  // namespace testgen::reproduce
