// With the real git where it is installed; the parser alone otherwise.
#include "source/git.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "base/process.h"
#include "source/discovery.h"
#include "source/git_diff.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

TEST(GitDiff, ReadsTheNewLinesOfHunks) {
  const auto ranges = parse_hunks(
      "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n"
      "@@ -1 +1,2 @@ def f\n-old\n+new\n+@@ -9 +9 @@\n"
      "@@ -5,2 +5,0 @@\n-a\n-b\n"
      "@@ -9,0 +8 @@\n+c\n\\ No newline at end of file\n");
  ASSERT_TRUE(ranges);
  EXPECT_EQ(*ranges, (std::vector<LineRange>{{1, 2}, {5, 0}, {8, 1}}));
  EXPECT_TRUE(parse_hunks("")->empty());
}

TEST(GitDiff, OddHeadsAreErrors) {
  for (const char* head : {"@@ -1 +x @@", "@@ +1 -1 @@", "@@ -1 +1", "@@ -1 +99999999999 @@",
                           "@@ -1, +1 @@", "@@ -1 +1,-4 @@", "@@ "}) {
    const auto ranges = parse_hunks(head);
    ASSERT_FALSE(ranges) << head;
    EXPECT_EQ(ranges.error().code, ErrorCode::InvalidInput);
  }
}

TEST(GitDiff, TouchKnowsChangedAddedAndRemovedLines) {
  const FileChanges changes{.lines = {{10, 3}, {20, 0}}};
  EXPECT_TRUE(changes.touch(12, 15));
  EXPECT_TRUE(changes.touch(1, 10));
  EXPECT_FALSE(changes.touch(13, 19));
  EXPECT_TRUE(changes.touch(15, 20));   // lost its last line
  EXPECT_TRUE(changes.touch(20, 25));   // lost its second
  EXPECT_FALSE(changes.touch(21, 25));  // what stood before it went
  EXPECT_TRUE(FileChanges{.whole = true}.touch(1, 1));
  EXPECT_FALSE(FileChanges{}.touch(1, 1000));
}

class Git : public testing::Test {
 protected:
  void SetUp() override {
    if (!base::find_executable("git")) GTEST_SKIP() << "git is not installed";
    git({"init", "-q", "-b", "main"});
    git({"config", "user.email", "a@example.com"});
    git({"config", "user.name", "A"});
    git({"config", "commit.gpgsign", "false"});
  }
  void git(const std::vector<std::string>& words) {
    const auto done = run_git(folder_.path(), words);
    ASSERT_TRUE(done) << describe(done.error());
  }
  void write(const std::string& name, const std::string& text = "x = 1\n") {
    ASSERT_TRUE(base::write_file_atomic(folder_.path() / name, text));
  }
  void commit() {
    git({"add", "-A"});
    git({"commit", "-q", "-m", "c"});
  }
  [[nodiscard]] fs::path at(const std::string& name) const { return folder_.path() / name; }

  base::TempDir folder_ = *base::TempDir::create("git-test");
};

TEST_F(Git, TellsChangedLinesNewFilesAndUntouchedOnes) {
  write("pkg/a.py", "1\n2\n3\n4\n5\n");
  write("pkg/same.py");
  commit();
  git({"tag", "start"});
  write("pkg/a.py", "1\ntwo\n3\n5\n6\n");
  write("pkg/added.py");
  commit();
  write("pkg/untracked über.py");
  GitChanges changes("start");
  EXPECT_EQ(changes.of(at("pkg/a.py"))->lines, (std::vector<LineRange>{{2, 1}, {3, 0}, {5, 1}}));
  EXPECT_TRUE(changes.of(at("pkg/added.py"))->whole);
  EXPECT_TRUE(changes.of(at("pkg/untracked über.py"))->whole);
  EXPECT_TRUE(changes.of(at("pkg/same.py"))->none());
}

TEST_F(Git, ComparesWithWhereTheBranchLeft) {
  write("a.py", "1\n2\n3\n");
  commit();
  git({"checkout", "-q", "-b", "topic"});
  write("a.py", "1\n2\nthree\n");
  commit();
  git({"checkout", "-q", "main"});
  write("a.py", "one\n2\n3\n");  // others' work on main is not ours to test
  commit();
  git({"checkout", "-q", "topic"});
  EXPECT_EQ(GitChanges("main").of(at("a.py"))->lines, (std::vector<LineRange>{{3, 1}}));
}

TEST_F(Git, UnknownRevisionsAndOtherFoldersAreUsageErrors) {
  write("a.py");
  commit();
  for (const char* revision : {"no-such-branch", "--output=/tmp/x", "", "HEAD~99"}) {
    const auto changes = GitChanges(revision).of(at("a.py"));
    ASSERT_FALSE(changes) << revision;
    EXPECT_EQ(changes.error().code, ErrorCode::InvalidArgument);
    EXPECT_NE(changes.error().message.find("there is no revision"), std::string::npos);
  }
  const auto elsewhere = *base::TempDir::create("no-git");
  const auto outside = GitChanges("HEAD").of(elsewhere.path() / "a.py");
  ASSERT_FALSE(outside);
  EXPECT_NE(outside.error().message.find("is not in a git repository"), std::string::npos);
}

TEST_F(Git, IgnoredFilesAreNotFound) {
  write(".gitignore", "generated/\n*_gen.py\n/vendor\n");
  for (const char* name :
       {"a.py", "b_gen.py", "generated/c.py", "sub/vendor/d.py", "vendor/e.py", "tracked_gen.py"}) {
    write(name);
  }
  git({"add", "-f", "tracked_gen.py"});
  const auto names = [&](const fs::path& from) {
    std::vector<std::string> out;
    const auto found = find_sources({from});
    if (found) {
      for (const fs::path& path : *found) {
        out.push_back(path.lexically_relative(folder_.path()).string());
      }
    }
    return out;
  };
  EXPECT_EQ(names(folder_.path()),
            (std::vector<std::string>{"a.py", "sub/vendor/d.py", "tracked_gen.py"}));
  EXPECT_EQ(names(at("sub")), std::vector<std::string>{"sub/vendor/d.py"});
  // A folder that is named is wanted, ignored or not.
  EXPECT_EQ(names(at("generated")), std::vector<std::string>{"generated/c.py"});
}

TEST_F(Git, TheRepositorysConfigurationStartsNoProgram) {
  write("a.py", "1\n");
  commit();
  const fs::path proof = at("proof");
  for (const char* name : {"core.fsmonitor", "diff.external", "core.pager"}) {
    git({"config", name, "touch " + proof.string() + "; true"});
  }
  write("a.py", "2\n");
  EXPECT_FALSE(GitChanges("HEAD").of(at("a.py"))->none());
  EXPECT_TRUE(ignored_by_git(folder_.path()).empty());
  EXPECT_FALSE(fs::exists(proof));
}

}  // namespace
}  // namespace testgen::source
