#include "base/abandoned_folders.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/file_system.h"
#include "base/random.h"

namespace testgen::base {
namespace {

namespace fs = std::filesystem;

// A name of its own: other tests run beside this one.
class AbandonedFolders : public ::testing::Test {
 protected:
  // A folder with a file in it, of a process that is killed.
  fs::path left_behind() {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      const auto folder = TempDir::create(prefix_);
      if (!folder) _exit(1);
      std::ofstream(folder->path() / "source.py") << "x = 1\n";
      const std::string path = folder->path().string();
      if (write(ends[1], path.data(), path.size()) < 0) _exit(2);
      pause();
    }
    close(ends[1]);
    std::string path(4096, '\0');
    const ssize_t got = read(ends[0], path.data(), path.size());
    close(ends[0]);
    path.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    EXPECT_EQ(*remove_abandoned_folders(prefix_), 0U) << "its process lives";
    kill(child, SIGKILL);
    EXPECT_EQ(waitpid(child, nullptr, 0), child);
    return path;
  }

  const std::string prefix_ = "testgen-abandoned-" + random_hex(4);
};

TEST_F(AbandonedFolders, GoWhenTheirProcessWasKilledAndNotBefore) {
  const TempDir mine = *TempDir::create(prefix_);
  const fs::path left = left_behind();
  ASSERT_TRUE(fs::exists(left / "source.py"));
  EXPECT_EQ(*remove_abandoned_folders(prefix_), 1U);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(mine.path()));
}

TEST_F(AbandonedFolders, OthersAreLeftAlone) {
  const fs::path left = left_behind();
  EXPECT_EQ(*remove_abandoned_folders("testgen-another"), 0U);
  // Of a program that locks nothing, and a file.
  const fs::path unlocked = fs::temp_directory_path() / (prefix_ + "-abcdef");
  fs::create_directory(unlocked);
  const fs::path file = fs::temp_directory_path() / (prefix_ + ".abcdef");
  std::ofstream(file) << "x";
  EXPECT_EQ(*remove_abandoned_folders(prefix_), 1U);
  EXPECT_TRUE(fs::exists(unlocked));
  EXPECT_TRUE(fs::exists(file));
  fs::remove(unlocked);
  fs::remove(file);
}

TEST_F(AbandonedFolders, ALinkLeadsNowhere) {
  const TempDir precious = *TempDir::create("testgen-unit");
  std::ofstream(precious.path() / "kept") << "x";
  const fs::path link = fs::temp_directory_path() / (prefix_ + ".abcdef");
  fs::create_directory_symlink(precious.path(), link);
  EXPECT_EQ(*remove_abandoned_folders(prefix_), 0U);
  EXPECT_TRUE(fs::exists(precious.path() / "kept"));
  fs::remove(link);
}

TEST_F(AbandonedFolders, AreToldFromThoseThatAreJustBeingMade) {
  std::atomic<bool> done{false};
  std::jthread cleaner([&] {
    while (!done) (void)*remove_abandoned_folders(prefix_);
  });
  for (int i = 0; i < 500; ++i) {
    const auto folder = TempDir::create(prefix_);
    ASSERT_TRUE(folder) << folder.error().message;
    ASSERT_TRUE(write_file_atomic(folder->path() / "a", "x")) << i;
    ASSERT_TRUE(fs::exists(folder->path() / "a")) << i;
  }
  done = true;
}

}  // namespace
}  // namespace testgen::base
