#include "sandbox/memory_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace testgen::sandbox {
namespace {

TEST(MemoryFile, HoldsItsContentFromTheStart) {
  const auto file = memory_file("test", "abc");
  ASSERT_TRUE(file);
  char buffer[8];
  EXPECT_EQ(::read(file->get(), buffer, sizeof buffer), 3);
  EXPECT_EQ(std::string(buffer, 3), "abc");
}

TEST(MemoryFile, CannotBeChangedEvenWhenReopenedForWriting) {
  const auto file = memory_file("test", "abc");
  ASSERT_TRUE(file);
  const std::string path = "/proc/self/fd/" + std::to_string(file->get());
  const base::UniqueFd again(::open(path.c_str(), O_RDWR));
  EXPECT_LT(::pwrite(again.get(), "x", 1, 0), 0);  // also when it could not be opened
  EXPECT_NE(::ftruncate(file->get(), 0), 0);
}

TEST(MemoryFile, IsClosedOnExec) {
  const auto file = memory_file("test", "");
  ASSERT_TRUE(file);
  EXPECT_TRUE((::fcntl(file->get(), F_GETFD) & FD_CLOEXEC) != 0);
}

}  // namespace
}  // namespace testgen::sandbox
