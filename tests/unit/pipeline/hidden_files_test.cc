// What of a project a model's tests must not read.
#include "pipeline/hidden_files.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "support/fake_clock.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;

class HiddenFilesTest : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& text = "x = 1\n") const {
    EXPECT_TRUE(base::write_file_atomic(root_ / name, text).has_value());
    return root_ / name;
  }
  [[nodiscard]] HiddenFiles find(const std::string& text = "x = 1\n",
                                 const std::vector<std::string>& never_send = {},
                                 const std::vector<fs::path>& more = {}) const {
    model::SourceFile module;
    module.path = write("shop/cart.py", text);
    module.language = "python";
    module.text = text;
    module.import_root = root_;
    module.module_name = "shop.cart";
    lang::Runtime runtime;
    runtime.standard_library = folder_.path() / "lib";
    runtime.search_path = {runtime.standard_library, folder_.path() / "side"};
    return find_hidden(module, runtime, more, never_send, clock_);
  }

  testing::FakeClock clock_;
  base::TempDir folder_ = *base::TempDir::create("testgen-hidden");
  fs::path root_ = folder_.path() / "project";
};

TEST_F(HiddenFilesTest, AreThoseThatAreNeverSent) {
  const auto environment = write(".env", "TOKEN=x");
  const auto key = write("deploy/tls/server.KEY", "x");
  const auto named = write("data/clients.csv", "x");
  write("data/other.csv", "x");
  write("shop/notes.txt", "x");
  const HiddenFiles hidden = find("x = 1\n", {"clients.csv"});
  EXPECT_TRUE(hidden.complete);
  EXPECT_EQ(hidden.files, (std::vector<fs::path>{environment, named, key}));
}

TEST_F(HiddenFilesTest, WhatIsInstalledIsNobodysSecret) {
  write(".venv/pyvenv.cfg", "");
  write(".venv/lib/cacert.pem");
  write("vendor/site-packages/certifi/cacert.pem");
  EXPECT_TRUE(base::write_file_atomic(folder_.path() / "lib" / "secrets.py", "").has_value());
  const HiddenFiles hidden = find();
  EXPECT_TRUE(hidden.files.empty());
  EXPECT_TRUE(hidden.complete);
}

TEST_F(HiddenFilesTest, OtherFoldersThatAreShownCountToo) {
  const fs::path beside = folder_.path() / "tests" / "users.pem";
  const fs::path editable = folder_.path() / "side" / ".env";
  EXPECT_TRUE(base::write_file_atomic(beside, "x").has_value());
  EXPECT_TRUE(base::write_file_atomic(editable, "x").has_value());
  EXPECT_EQ(find("x = 1\n", {}, {folder_.path() / "tests"}).files,
            (std::vector<fs::path>{editable, beside}));
}

TEST_F(HiddenFilesTest, WhatALinkLeadsToIsHidden) {
  const auto real = write("config/live.ini", "x");
  fs::create_symlink("config/live.ini", root_ / ".env");
  EXPECT_EQ(find().files, std::vector<fs::path>{real});
  fs::remove(root_ / ".env");
  fs::create_symlink("/etc/hostname", root_ / ".env");
  EXPECT_TRUE(find().files.empty()) << "it is not shown anyway";
}

TEST_F(HiddenFilesTest, WhatTheModuleImportsStaysAndIsTold) {
  write("shop/__init__.py", "from shop import prices\n");
  write("shop/prices.py", "from .password_rules import strong\n");
  const auto rules = write("shop/password_rules.py");
  const auto unused = write("shop/secret_sauce.py");
  const HiddenFiles hidden = find();
  EXPECT_FALSE(hidden.complete);
  EXPECT_EQ(hidden.files, std::vector<fs::path>{unused});
  write("shop/__init__.py", "");
  const HiddenFiles without = find();
  EXPECT_TRUE(without.complete);
  EXPECT_EQ(without.files, (std::vector<fs::path>{rules, unused}));
  EXPECT_FALSE(find("import shop.password_rules as rules\n").complete);
}

TEST_F(HiddenFilesTest, MoreThanCanBeHiddenAreTold) {
  for (int i = 0; i < 70; ++i) write("keys/" + std::to_string(i) + ".key", "x");
  const HiddenFiles hidden = find();
  EXPECT_FALSE(hidden.complete);
  EXPECT_EQ(hidden.files.size(), 64U);
}

}  // namespace
}  // namespace testgen::pipeline
