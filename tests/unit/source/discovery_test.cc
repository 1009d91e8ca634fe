#include "source/discovery.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

class Discovery : public testing::Test {
 protected:
  void write(const std::string& name) {
    ASSERT_TRUE(base::write_file_atomic(folder_.path() / name, "x = 1\n"));
  }
  std::vector<std::string> names(const std::vector<fs::path>& paths) {
    const auto found = find_sources(paths);
    std::vector<std::string> out;
    if (!found) return {std::string(base::to_string(found.error().code))};
    for (const fs::path& path : *found) {
      out.push_back(path.lexically_relative(folder_.path()).string());
    }
    return out;
  }
  base::TempDir folder_ = *base::TempDir::create("discovery");
};

TEST_F(Discovery, FindsSourcesAndSkipsWhatIsNotTheUsers) {
  for (const char* name :
       {"b.py", "pkg/a.py", "pkg/__init__.py", "notes.txt", ".hidden.py", ".git/hook.py",
        "pkg/__pycache__/a.py", "venv/lib/x.py", "node_modules/y.py", "tests/helper.py",
        "test_b.py", "b_test.py", "conftest.py", "custom/bin/z.py"}) {
    write(name);
  }
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "custom/pyvenv.cfg", "home = /usr/bin\n"));
  EXPECT_EQ(names({folder_.path()}),
            (std::vector<std::string>{"b.py", "pkg/__init__.py", "pkg/a.py"}));
}

TEST_F(Discovery, NamedFilesAreTakenAsTheyAreAndOnce) {
  write("tests/test_x.py");
  write("a.py");
  EXPECT_EQ(names({folder_.path() / "tests/test_x.py", folder_.path(), folder_.path() / "a.py"}),
            (std::vector<std::string>{"tests/test_x.py", "a.py"}));
}

TEST_F(Discovery, DoesNotFollowFolderLinksIntoLoops) {
  write("pkg/a.py");
  fs::create_directory_symlink(folder_.path(), folder_.path() / "pkg/loop");
  EXPECT_EQ(names({folder_.path()}), (std::vector<std::string>{"pkg/a.py"}));
}

TEST_F(Discovery, MissingAndEmptyAreErrors) {
  EXPECT_EQ(names({folder_.path() / "nowhere"}), (std::vector<std::string>{"not_found"}));
  EXPECT_EQ(names({folder_.path()}), (std::vector<std::string>{"nothing_to_do"}));
}

}  // namespace
}  // namespace testgen::source
