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

TEST_F(Discovery, BuildsAndScriptsAreNotSources) {
  for (const char* name : {"setup.py", "pkg/__main__.py", "pkg/a.py", "build/lib/pkg/a.py",
                           "pkg.egg-info/x.py", "pkg/build/__init__.py", "pkg/build/b.py"}) {
    write(name);
  }
  EXPECT_EQ(names({folder_.path()}),
            (std::vector<std::string>{"pkg/a.py", "pkg/build/__init__.py", "pkg/build/b.py"}));
  EXPECT_EQ(names({folder_.path() / "setup.py"}), std::vector<std::string>{"setup.py"});
}

TEST_F(Discovery, PatternsLeaveFilesAndFoldersOut) {
  for (const char* name : {"a.py", "a_pb2.py", "migrations/m.py", "sub/migrations/m.py", "sub/b.py",
                           "sub/legacy/c.py"}) {
    write(name);
  }
  const auto found = find_sources({folder_.path()}, {"*_pb2.py", "migrations", "sub/legacy/"});
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (std::vector<fs::path>{folder_.path() / "a.py", folder_.path() / "sub/b.py"}));
  // A file that is named is wanted.
  EXPECT_TRUE(find_sources({folder_.path() / "a_pb2.py"}, {"*_pb2.py"}));
}

TEST_F(Discovery, KnowsTestFilesByName) {
  for (const char* name : {"test_a.py", "a_test.py", "app/tests.py", "x/conftest.py"}) {
    EXPECT_TRUE(is_test_file(name)) << name;
  }
  for (const char* name : {"a.py", "testing.py", "contest.py", "latest.py"}) {
    EXPECT_FALSE(is_test_file(name)) << name;
  }
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
