#include "lang/python/module_name.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::lang::python {
namespace {

namespace fs = std::filesystem;

class ModuleName : public testing::Test {
 protected:
  fs::path write(const std::string& name) {
    const fs::path path = folder_.path() / name;
    EXPECT_TRUE(base::write_file_atomic(path, "x = 1\n"));
    return path;
  }
  ModuleLocation locate(const std::string& name, std::string_view text = "x = 1\n") {
    return locate_module(write(name), text);
  }
  base::TempDir folder_ = *base::TempDir::create("module");
};

TEST_F(ModuleName, ATopLevelFile) {
  const auto found = locate("cart.py");
  EXPECT_EQ(found.module_name, "cart");
  EXPECT_EQ(found.import_root, folder_.path());
  EXPECT_TRUE(found.importable);
}

TEST_F(ModuleName, PackagesNestAndSrcIsNotOne) {
  write("src/shop/__init__.py");
  write("src/shop/web/__init__.py");
  const auto found = locate("src/shop/web/cart.py");
  EXPECT_EQ(found.module_name, "shop.web.cart");
  EXPECT_EQ(found.import_root, folder_.path() / "src");
}

TEST_F(ModuleName, APackageIsItsFolder) {
  const auto found = locate("shop/__init__.py", "from .cart import Cart\n");
  EXPECT_EQ(found.module_name, "shop");
  EXPECT_EQ(found.import_root, folder_.path());
}

TEST_F(ModuleName, RelativeImportsReachIntoFoldersWithoutInit) {
  const auto found = locate("lib/shop/web/cart.py", "def f():\n    from ..prices import p\n");
  EXPECT_EQ(found.module_name, "shop.web.cart");
  EXPECT_EQ(found.import_root, folder_.path() / "lib");
}

TEST_F(ModuleName, ImportsInFullReachTheFoldersThatTheyName) {
  write("company/team/other.py");
  const auto found = locate("company/team/tool.py", "import os\nfrom company.team import other\n");
  EXPECT_EQ(found.module_name, "company.team.tool");
  EXPECT_EQ(found.import_root, folder_.path());
  const auto upper = locate("company/tool.py", "from company import (team,\n    x)\n");
  EXPECT_EQ(upper.module_name, "company.tool");
  EXPECT_EQ(locate("company/team/plain.py", "import company.team.other as o\n").module_name,
            "company.team.plain");
}

TEST_F(ModuleName, AFolderNamedLikeALibraryIsNotThatLibrary) {
  const auto found = locate("requests/tool.py", "import requests\nfrom requests.auth import A\n");
  EXPECT_EQ(found.module_name, "tool");
  EXPECT_EQ(found.import_root, folder_.path() / "requests");
}

TEST_F(ModuleName, NamesThatNoImportCanSayAreFlagged) {
  const auto dashed = locate("my-script.py");
  EXPECT_EQ(dashed.module_name, "my_script");
  EXPECT_FALSE(dashed.importable);
  EXPECT_EQ(locate("2048.py").module_name, "_2048");
  EXPECT_EQ(locate("class.py").module_name, "class_");
  EXPECT_FALSE(locate("class.py").importable);
}

TEST_F(ModuleName, AFolderThatIsNoIdentifierEndsThePackage) {
  write("my-app/__init__.py");
  const auto found = locate("my-app/cart.py");
  EXPECT_EQ(found.module_name, "cart");
  EXPECT_EQ(found.import_root, folder_.path() / "my-app");
}

TEST(ModuleNameOfInstalledFiles, StandardLibrary) {
  const auto found = locate_module("/usr/lib/python3.11/json/decoder.py", "");
  EXPECT_EQ(found.module_name, "json.decoder");
  EXPECT_EQ(found.import_root, "/usr/lib/python3.11");
}

TEST(Shadowing, OnlyOutsideTheStandardLibrary) {
  Runtime runtime;
  runtime.standard_library = "/usr/lib/python3.11";
  runtime.standard_modules = {"json", "random", "types"};
  model::SourceFile source;
  source.module_name = "random";
  source.import_root = "/srv/me";
  EXPECT_TRUE(shadows_standard_module(source, runtime));
  source.module_name = "randomly";
  EXPECT_FALSE(shadows_standard_module(source, runtime));
  source.module_name = "json.decoder";
  source.import_root = "/usr/lib/python3.11";
  EXPECT_FALSE(shadows_standard_module(source, runtime));
}

}  // namespace
}  // namespace testgen::lang::python
