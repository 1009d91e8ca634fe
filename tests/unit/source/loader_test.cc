#include "source/loader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_system.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

class Loader : public testing::Test {
 protected:
  fs::path write(const std::string& name, std::string_view content) {
    const fs::path path = folder_.path() / name;
    EXPECT_TRUE(base::write_file_atomic(path, content));
    return path;
  }
  base::TempDir folder_ = *base::TempDir::create("loader");
};

TEST_F(Loader, ReadsTextLanguageAndAbsolutePath) {
  const auto file = load(write("a.py", "x = 1\n"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->text, "x = 1\n");
  EXPECT_EQ(file->language, "python");
  EXPECT_TRUE(file->path.is_absolute());
}

TEST_F(Loader, AMissingFileNamesItsNeighbour) {
  write("cart.py", "x = 1\n");
  const auto file = load(folder_.path() / "crat.py");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::NotFound);
  EXPECT_EQ(file.error().hint, "did you mean cart.py?");
}

TEST_F(Loader, RefusesFoldersOtherLanguagesAndSpecialFiles) {
  EXPECT_EQ(load(folder_.path()).error().code, ErrorCode::InvalidInput);
  const auto text = load(write("notes.txt", "x"));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::Unsupported);
  EXPECT_NE(text.error().hint.find(".py"), std::string::npos);
  const fs::path pipe = folder_.path() / "pipe.py";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(load(pipe).error().code, ErrorCode::InvalidInput);
}

TEST_F(Loader, EmptyAndBlankFilesAreNothingToDo) {
  EXPECT_EQ(load(write("empty.py", "")).error().code, ErrorCode::NothingToDo);
  EXPECT_EQ(load(write("blank.py", " \n\t\n")).error().code, ErrorCode::NothingToDo);
}

TEST_F(Loader, TheLimitIsExact) {
  EXPECT_TRUE(load(write("ten.py", "x = 12345\n"), {.max_bytes = 10}));
  EXPECT_EQ(load(write("eleven.py", "x = 123456\n"), {.max_bytes = 10}).error().code,
            ErrorCode::TooLarge);
}

TEST_F(Loader, EncodingErrorsNameTheFile) {
  const auto file = load(write("bad.py", "x = '\xFF'\n"));
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().message.find("bad.py: line 1"), std::string::npos);
}

TEST_F(Loader, AnUnreadableFileIsPermissionDenied) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const fs::path path = write("secret.py", "x = 1\n");
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  EXPECT_EQ(load(path).error().code, ErrorCode::PermissionDenied);
}

}  // namespace
}  // namespace testgen::source
