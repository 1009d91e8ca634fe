#include "sandbox/folders.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/file_system.h"

namespace testgen::sandbox {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using Kind = FolderStep::Kind;

class Folders : public testing::Test {
 protected:
  Folders() : dir_(*base::TempDir::create("folders-test")), root_(dir_.path() / "work") {
    fs::create_directories(root_);
    ::chmod(dir_.path().c_str(), 0755);
  }

  void write(const fs::path& name, mode_t mode = 0644) const {
    std::ofstream(root_ / name) << "x";
    ::chmod((root_ / name).c_str(), mode);
  }

  static const FolderStep* find(const std::vector<FolderStep>& steps, const fs::path& path) {
    for (const auto& step : steps) {
      if (step.path == path) return &step;
    }
    return nullptr;
  }

  base::TempDir dir_;
  fs::path root_;
};

Request reading(std::vector<fs::path> paths) {
  Request request;
  request.read_only = std::move(paths);
  return request;
}

Request writing(std::vector<fs::path> paths) {
  Request request;
  request.writable = std::move(paths);
  return request;
}

TEST_F(Folders, WhatIsHiddenIsCoveredAfterAllThatIsShown) {
  write(".env");
  write("plain");
  fs::create_symlink("plain", root_ / "link");
  fs::create_directories(dir_.path() / "other");
  std::ofstream(dir_.path() / "other" / "x.key") << "x";
  Request request = reading({root_, dir_.path() / "other" / "x"});
  request.read_only.pop_back();
  request.hidden = {root_ / ".env", root_ / "gone", root_ / "link",
                    dir_.path() / "other" / "x.key"};
  const auto steps = plan_folders(request, nullptr);
  ASSERT_TRUE(steps);
  EXPECT_EQ(steps->back().kind, Kind::Empty);
  EXPECT_EQ(steps->back().path, root_ / ".env");
  EXPECT_EQ(find(*steps, root_ / "gone"), nullptr);
  EXPECT_EQ(find(*steps, root_ / "link"), nullptr);
  EXPECT_EQ(find(*steps, dir_.path() / "other" / "x.key"), nullptr) << "it is not shown";
}

TEST_F(Folders, AreShownAtTheirOwnPathWithOpenParents) {
  const auto steps = plan_folders(reading({root_ / ""}), nullptr);
  ASSERT_TRUE(steps);
  ASSERT_GE(steps->size(), 2U);
  EXPECT_EQ(steps->front().kind, Kind::Folder);
  EXPECT_EQ(steps->back().kind, Kind::ReadOnly);
  EXPECT_EQ(steps->back().path, root_);
}

TEST_F(Folders, OuterOnesComeFirstAndWritableWins) {
  fs::create_directories(root_ / "out");
  Request request = reading({root_ / "out", root_});
  request.writable = {root_ / "out"};
  const auto steps = plan_folders(request, nullptr);
  ASSERT_TRUE(steps);
  EXPECT_EQ((*steps)[steps->size() - 1].path, root_ / "out");
  EXPECT_EQ((*steps)[steps->size() - 1].kind, Kind::Writable);
  EXPECT_NE(find(*steps, root_), nullptr);
}

TEST_F(Folders, ThatWouldUndoTheIsolationAreRefused) {
  for (const char* path : {"/", "/proc", "/proc/1", "/sys/fs", "/dev", "/run/user", "relative",
                           "/tmp/../proc", "/usr/../"}) {
    EXPECT_EQ(plan_folders(reading({path}), nullptr).error().code, ErrorCode::InvalidArgument)
        << path;
  }
  for (const char* path : {"/usr/lib", "/etc", "/etc/ssl", "/home", "/tmp", "/root"}) {
    EXPECT_EQ(plan_folders(writing({path}), nullptr).error().code, ErrorCode::InvalidArgument)
        << path;
  }
}

TEST_F(Folders, AMissingOneIsNotFound) {
  EXPECT_EQ(plan_folders(reading({root_ / "none"}), nullptr).error().code, ErrorCode::NotFound);
}

TEST_F(Folders, ThePrivateTmpIsKeptWhenTheProjectIsTmpItself) {
  const auto steps = plan_folders(reading({"/tmp"}), nullptr);
  if (!steps) {
    EXPECT_EQ(steps.error().code, ErrorCode::TooLarge);
    return;
  }
  const auto* step = find(*steps, "/tmp");
  ASSERT_NE(step, nullptr);
  EXPECT_EQ(step->kind, Kind::Folder);
}

TEST_F(Folders, AClosedFolderIsShownInPiecesWithoutItsSecrets) {
  const auto id = UidLease::take();
  ASSERT_TRUE(id);
  write("module.py");
  write("secret", 0600);
  fs::create_directory_symlink("/etc/shadow", root_ / "link");
  fs::create_directories(root_ / "package");
  fs::create_directories(root_ / ".ssh");
  ::chmod((root_ / ".ssh").c_str(), 0700);
  ::chmod(root_.c_str(), 0700);
  const auto steps = plan_folders(reading({root_}), &*id);
  ASSERT_TRUE(steps);
  EXPECT_EQ(find(*steps, root_)->kind, Kind::Folder);
  EXPECT_EQ(find(*steps, root_ / "module.py")->kind, Kind::ReadOnly);
  EXPECT_EQ(find(*steps, root_ / "package")->kind, Kind::ReadOnly);
  EXPECT_EQ(find(*steps, root_ / "secret"), nullptr);
  EXPECT_EQ(find(*steps, root_ / ".ssh"), nullptr);
  ASSERT_NE(find(*steps, root_ / "link"), nullptr);  // as a link: it points to nothing inside
  EXPECT_EQ(find(*steps, root_ / "link")->kind, Kind::Symlink);
  EXPECT_EQ(find(*steps, root_ / "link")->target, "/etc/shadow");
}

TEST_F(Folders, AClosedFolderWithTooMuchInItIsRefused) {
  const auto id = UidLease::take();
  for (int i = 0; i < 600; ++i) write(std::to_string(i));
  ::chmod(root_.c_str(), 0700);
  EXPECT_EQ(plan_folders(reading({root_}), &*id).error().code, ErrorCode::TooLarge);
}

TEST_F(Folders, WritableOnesAreHandedOverWithoutFollowingLinks) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const auto id = UidLease::take();
  fs::create_directories(root_ / "deep/er");
  write("deep/er/file");
  const fs::path outside = dir_.path() / "outside";
  std::ofstream(outside) << "x";
  fs::create_symlink(outside, root_ / "link");
  fs::create_hard_link(outside, root_ / "second-name");
  ASSERT_TRUE(plan_folders(writing({root_}), &*id));
  const auto owner = [](const fs::path& path) {
    struct stat info {};
    ::lstat(path.c_str(), &info);
    return info.st_uid;
  };
  EXPECT_EQ(owner(root_), id->uid());
  EXPECT_EQ(owner(root_ / "deep/er/file"), id->uid());
  EXPECT_EQ(owner(root_ / "link"), id->uid());
  EXPECT_EQ(owner(outside), 0U);
}

}  // namespace
}  // namespace testgen::sandbox
