#include "app/environment_hash.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file_system.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;

TEST(EnvironmentHashTest, ChangesWithTheInterpreterAndItsPackages) {
  const base::TempDir folder = *base::TempDir::create("environment");
  const fs::path packages = folder.path() / "site-packages";
  fs::create_directory(packages);
  const fs::path python = folder.path() / "python3";
  std::ofstream(python) << "one";
  lang::Runtime runtime;
  runtime.executable = python;
  runtime.version = "3.11.2";
  runtime.search_path = {packages};
  const std::string before = hash_of(runtime);
  EXPECT_EQ(hash_of(runtime), before);

  fs::create_directory(packages / "semver-3.0.dist-info");
  const auto later = fs::last_write_time(packages) + std::chrono::seconds(1);
  fs::last_write_time(packages, later);  // clocks of disks may be coarse
  const std::string installed = hash_of(runtime);
  EXPECT_NE(installed, before);
  std::ofstream(python) << "another";
  EXPECT_NE(hash_of(runtime), installed);
  runtime.version = "3.12.0";
  EXPECT_NE(hash_of(runtime), installed);
}

}  // namespace
}  // namespace testgen::app
