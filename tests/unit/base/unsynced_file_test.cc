#include "base/unsynced_file.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::base {
namespace {

namespace fs = std::filesystem;

TEST(UnsyncedFile, ReplacesTheWholeFileAndLeavesNothingBeside) {
  const auto folder = TempDir::create("testgen-unsynced");
  const fs::path file = folder->path() / "deep" / "er" / "x.json";
  ASSERT_TRUE(write_file_unsynced(file, "a longer text").has_value());
  ASSERT_TRUE(write_file_unsynced(file, std::string("s\0t", 3)).has_value());
  EXPECT_EQ(*read_file(file, 100), std::string("s\0t", 3));
  EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), {}), 1);
}

TEST(UnsyncedFile, WhatCannotBeWrittenIsAnErrorAndLeavesTheOldFile) {
  const auto folder = TempDir::create("testgen-unsynced");
  const fs::path file = folder->path() / "x";
  ASSERT_TRUE(write_file_unsynced(file, "old").has_value());
  EXPECT_FALSE(write_file_unsynced(file / "under-a-file", "new").has_value());
  EXPECT_EQ(*read_file(file, 100), "old");
  const fs::path taken = folder->path() / "taken";
  fs::create_directories(taken / "inside");
  EXPECT_FALSE(write_file_unsynced(taken, "new").has_value());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder->path()), {}), 2) << "nothing is left over";
}

}  // namespace
}  // namespace testgen::base
