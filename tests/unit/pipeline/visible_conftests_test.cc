// Which conftest.py files pytest would find for tests in a folder.
#include "pipeline/visible_conftests.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;

class VisibleConftests : public ::testing::Test {
 protected:
  VisibleConftests() {
    for (const char* place : {"", "tests", "tests/unit", "other"}) {
      fs::create_directories(root_ / place);
      EXPECT_TRUE(base::write_file_atomic(root_ / place / "conftest.py", "def cart():\n"));
    }
    fs::create_directories(root_ / "tests" / "slow");
  }

  base::TempDir folder_ = *base::TempDir::create("testgen-conftests");
  fs::path root_ = fs::canonical(folder_.path()) / "project";
};

TEST_F(VisibleConftests, LieBetweenTheRootAndTheTests) {
  EXPECT_EQ(visible_conftests(root_ / "tests" / "slow" / "new", root_),
            (std::vector<fs::path>{root_ / "conftest.py", root_ / "tests" / "conftest.py"}));
  EXPECT_EQ(visible_conftests(root_ / "tests" / "unit", root_).size(), 3u);
}

TEST_F(VisibleConftests, OutsideOfTheProjectThereAreNone) {
  EXPECT_TRUE(visible_conftests(root_.parent_path() / "elsewhere", root_).empty());
  EXPECT_TRUE(visible_conftests(root_ / "tests", root_ / "other").empty());
}

TEST_F(VisibleConftests, FixturesOfOthersAreLeftOutWithAReason) {
  std::vector<model::ProjectFixture> fixtures{
      {"cart", (root_ / "tests" / "conftest.py").string(), "shop.Cart"},
      {"basket", (root_ / "other" / "conftest.py").string(), "shop.Cart"}};
  const auto omissions =
      leave_out_of_reach(fixtures, visible_conftests(root_ / "tests", root_), root_ / "tests");
  ASSERT_EQ(fixtures.size(), 1u);
  EXPECT_EQ(fixtures[0].name, "cart");
  ASSERT_EQ(omissions.size(), 1u);
  EXPECT_EQ(omissions[0].subject, "fixture basket");
}

TEST_F(VisibleConftests, TellWhatTheyDefine) {
  const auto all = visible_conftests(root_ / "tests", root_);
  EXPECT_TRUE(defines(all, "cart"));
  EXPECT_FALSE(defines(all, "art"));
}

}  // namespace
}  // namespace testgen::pipeline
