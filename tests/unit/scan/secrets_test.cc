#include "scan/secrets/secrets.h"

#include "scan_fixture.h"

namespace testgen::scan {
namespace {

TEST(Secrets, MeasureRandomness) {
  EXPECT_EQ(entropy(""), 0);
  EXPECT_EQ(entropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(entropy("abcd"), 2);
}

TEST(Secrets, RefuseAWrongChecksum) {
  EXPECT_FALSE(github_checksum_fits("ghp_"));
  EXPECT_FALSE(github_checksum_fits("ghp_" + std::string(36, 'a')));
}

TEST(Secrets, KnowGitHubsChecksum) {
  // Thirty characters, then their CRC-32 in base 62.
  std::string body = "Ab3dEf6hIj9lMn2pQr5tUv8xYz1BcD";
  bool any = false;
  for (const char* const digits : {"000000"})
    any = any || github_checksum_fits("ghp_" + body + digits);
  EXPECT_FALSE(any);
}

}  // namespace
}  // namespace testgen::scan
