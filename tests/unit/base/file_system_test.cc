#include "base/file_system.h"

#include <gtest/gtest.h>

#include <fstream>

namespace testgen::base {
namespace {

namespace fs = std::filesystem;

class FileSystem : public ::testing::Test {
 protected:
  TempDir dir_ = *TempDir::create("testgen-unit");
};

TEST_F(FileSystem, WritesAtomicallyAndReadsBack) {
  const fs::path path = dir_.path() / "deep" / "er" / "a.txt";
  ASSERT_TRUE(write_file_atomic(path, "one"));
  ASSERT_TRUE(write_file_atomic(path, "two"));
  EXPECT_EQ(read_file(path, 100).value(), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()), 1);
}

TEST_F(FileSystem, RefusesWhatIsTooLarge) {
  const fs::path path = dir_.path() / "big";
  ASSERT_TRUE(write_file_atomic(path, std::string(1000, 'x')));
  EXPECT_EQ(read_file(path, 999).error().code, ErrorCode::TooLarge);
  EXPECT_EQ(read_file(path, 1000).value().size(), 1000U);
}

TEST_F(FileSystem, NamesWhatIsWrong) {
  EXPECT_EQ(read_file(dir_.path() / "missing", 10).error().code, ErrorCode::NotFound);
  EXPECT_EQ(read_file(dir_.path(), 10).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(read_file("/dev/zero", 10).error().code, ErrorCode::InvalidInput);
}

TEST_F(FileSystem, AFailedWriteLeavesTheOldFile) {
  std::ofstream(dir_.path() / "file") << "x";
  // The parent is a file, so nothing can be created below it.
  EXPECT_FALSE(write_file_atomic(dir_.path() / "file" / "child", "y"));
  EXPECT_EQ(read_file(dir_.path() / "file", 10).value(), "x");
}

TEST(TempDirectory, IsPrivateAndGoesAway) {
  fs::path path;
  {
    const TempDir dir = *TempDir::create("testgen-unit");
    path = dir.path();
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
    std::ofstream(path / "inside") << "x";
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace testgen::base
