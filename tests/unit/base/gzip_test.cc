#include "base/gzip.h"

#include <gtest/gtest.h>

namespace testgen::base {
namespace {

TEST(Gzip, ComesBackAsItWas) {
  for (const std::string& text : {std::string(), std::string("a"), std::string(100'000, 'x'),
                                  std::string("\0\xff\x1f\x8b", 4)}) {
    EXPECT_EQ(gunzip(gzip(text), 1 << 20).value_or("?"), text);
  }
}

TEST(Gzip, Compresses) {
  EXPECT_LT(gzip(std::string(100'000, 'x')).size(), 1000U);
}

TEST(Gzip, RefusesWhatIsNoGzipOrTooMuch) {
  EXPECT_EQ(gunzip("not a gzip", 100).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(gunzip("", 100).error().code, ErrorCode::InvalidInput);
  const std::string bomb = gzip(std::string(10'000'000, 'x'));
  EXPECT_EQ(gunzip(bomb, 1'000'000).error().code, ErrorCode::TooLarge);
  EXPECT_EQ(gunzip(bomb.substr(0, bomb.size() / 2), 100'000'000).error().code,
            ErrorCode::InvalidInput);
}

}  // namespace
}  // namespace testgen::base
