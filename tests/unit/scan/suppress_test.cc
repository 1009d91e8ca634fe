#include "scan/suppress/comments.h"

#include "scan_fixture.h"

namespace testgen::scan {
namespace {

TEST(Suppressions, NeedAReason) {
  std::vector<std::uint32_t> unreasoned;
  const auto found = read_suppressions(
      "a()  # testgen: ignore[x/y] known to be safe\nb()  # testgen: ignore[x/y]\n", &unreasoned);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 1U);
  EXPECT_EQ(found[0].rules, (std::vector<std::string>{"x/y"}));
  EXPECT_EQ(found[0].reason, "known to be safe");
  EXPECT_EQ(unreasoned, (std::vector<std::uint32_t>{2}));
}

TEST(Suppressions, AloneOnALineAreAboutTheNext) {
  const auto found = read_suppressions("x\n  // testgen: ignore because\ny\n", nullptr);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 3U);
  EXPECT_TRUE(found[0].rules.empty());
}

TEST(Suppressions, AreCommentsAndNotTexts) {
  EXPECT_TRUE(read_suppressions("print('testgen: ignore this')\n", nullptr).empty());
}

TEST(Suppressions, KeepTheFindingAndSayWhy) {
  const std::string text =
      "import os\nfrom flask import request\n"
      "os.system(request.args['x'])  # testgen: ignore[command-injection] the host is trusted\n";
  const auto found = findings_in("f.py", text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].suppressed, "the host is trusted");
}

TEST(Suppressions, OfOtherRulesDoNothing) {
  const std::string text =
      "import os\nfrom flask import request\n"
      "os.system(request.args['x'])  # testgen: ignore[python/xss] because\n";
  const auto found = findings_in("f.py", text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].suppressed, "");
}

}  // namespace
}  // namespace testgen::scan
