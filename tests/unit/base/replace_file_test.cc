#include "base/replace_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/file_system.h"

namespace testgen::base {
namespace {

class ReplaceFile : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TempDir::create("replace-file");
    ASSERT_TRUE(made);
    folder_.emplace(*std::move(made));
    file_ = folder_->path() / "a.sh";
    std::ofstream(file_) << "old";
  }
  static mode_t mode_of(const std::filesystem::path& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mode & 07777U;
  }
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_->path())) {
      count += entry.path().empty() ? 0 : 1;
    }
    return count;
  }
  std::optional<TempDir> folder_;
  std::filesystem::path file_;
};

TEST_F(ReplaceFile, KeepsTheRights) {
  for (const mode_t mode : {0750U, 0600U, 0664U}) {
    ASSERT_EQ(::chmod(file_.c_str(), mode), 0);
    ASSERT_TRUE(replace_file(file_, "new"));
    EXPECT_EQ(*read_file(file_, 100), "new");
    EXPECT_EQ(mode_of(file_), mode);
  }
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReplaceFile, FollowsLinks) {
  const auto link = folder_->path() / "link.sh";
  std::filesystem::create_symlink("a.sh", link);
  ASSERT_TRUE(replace_file(link, "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(*read_file(file_, 100), "new");
}

TEST_F(ReplaceFile, MakesNoNewFile) {
  const auto made = replace_file(folder_->path() / "b.sh", "new");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::NotFound);
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReplaceFile, LeavesAFileAloneThatMustNotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "nothing is forbidden to root";
  ASSERT_EQ(::chmod(file_.c_str(), 0444), 0);
  const auto made = replace_file(file_, "new");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::PermissionDenied);
  EXPECT_EQ(*read_file(file_, 100), "old");
}

}  // namespace
}  // namespace testgen::base
