#include "service/reload/file_watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "base/file_system.h"
#include "support/raw_http.h"

namespace testgen::service {
namespace {

TEST(FileWatchTest, CallsWhenAFileAppearsChangesIsReplacedOrGoes) {
  const auto folder = *base::TempDir::create("watch");
  const auto file = folder.path() / "file";
  std::atomic<int> calls{0};
  FileWatch watch(std::chrono::milliseconds(5));
  watch.add({file}, [&] { ++calls; });
  watch.start();
  const auto called = [&](int times) {
    return support::eventually([&] { return calls >= times; });
  };
  std::ofstream(file) << "one";
  ASSERT_TRUE(called(1));
  int before = calls;
  std::ofstream(file, std::ios::app) << "more";
  ASSERT_TRUE(called(before + 1));
  before = calls;
  ASSERT_TRUE(base::write_file_atomic(file, "onemore"));  // the same size, another file
  ASSERT_TRUE(called(before + 1));
  before = calls;
  std::filesystem::remove(file);
  ASSERT_TRUE(called(before + 1));
  watch.stop();
}

TEST(FileWatchTest, FollowsALinkThatIsTurned) {
  const auto folder = *base::TempDir::create("watch");
  std::ofstream(folder.path() / "old") << "same";
  std::ofstream(folder.path() / "new") << "same";
  const auto link = folder.path() / "link";
  std::filesystem::create_symlink("old", link);
  std::atomic<int> calls{0};
  FileWatch watch(std::chrono::milliseconds(5));
  watch.add({link}, [&] { ++calls; });
  watch.start();
  std::filesystem::create_symlink("new", folder.path() / "next");
  std::filesystem::rename(folder.path() / "next", link);
  EXPECT_TRUE(support::eventually([&] { return calls == 1; }));
}

}  // namespace
}  // namespace testgen::service
