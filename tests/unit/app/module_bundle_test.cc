#include "app/remote/module_bundle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file_system.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

TEST(ImportedNamesTest, FindsEveryForm) {
  EXPECT_EQ(imported_names("import a\nimport b.c as d, e  # f\n", ""), (Names{"a", "b.c", "e"}));
  EXPECT_EQ(imported_names("from a import b as c, d\n", ""), (Names{"a", "a.b", "a.d"}));
  EXPECT_EQ(imported_names("from a import (\n    b,  # why\n    c,\n)\nimport d", ""),
            (Names{"a", "a.b", "a.c", "d"}));
  EXPECT_EQ(imported_names("def f():\n    import a\n    from b \\\n        import c\n", ""),
            (Names{"a", "b", "b.c"}));
  EXPECT_EQ(imported_names("from a import *\nimportant = 1\nfrom_here = 2\n", ""), (Names{"a"}));
}

TEST(ImportedNamesTest, ResolvesRelativeOnesAgainstThePackage) {
  EXPECT_EQ(imported_names("from . import a\n", "p.q"), (Names{"p.q", "p.q.a"}));
  EXPECT_EQ(imported_names("from .a import b\n", "p.q"), (Names{"p.q.a", "p.q.a.b"}));
  EXPECT_EQ(imported_names("from ..a import b\n", "p.q"), (Names{"p.a", "p.a.b"}));
  EXPECT_EQ(imported_names("from .. import b\n", "p"), (Names{"b"}));
}

class ModuleBundleTest : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(base::write_file_atomic(root() / name, text));
  }
  [[nodiscard]] fs::path root() const { return folder_.path() / "project"; }
  static Names paths(const ModuleBundle& bundle) {
    Names out;
    for (const auto& file : bundle.files) out.push_back((file.generate ? "+" : "") + file.path);
    std::sort(out.begin(), out.end());
    return out;
  }

  base::TempDir folder_ = *base::TempDir::create("bundle");
};

TEST_F(ModuleBundleTest, SendsTheModuleAndWhatItImportsAndNoMore) {
  write("src/shop/__init__.py", "");
  write("src/shop/cart.py", "from .prices import gross\nimport json\nimport away.thing\n");
  write("src/shop/prices.py", "from shop.tax import RATE\n");
  write("src/shop/tax.py", "RATE = 1\n");
  write("src/shop/unrelated.py", "SECRET = 1\n");
  write("tests/test_shop_cart.py", "# earlier tests\n");
  write("tests/test_other.py", "# not of this module\n");
  const auto bundle = bundle_module(root() / "src/shop/cart.py", root() / "tests");
  ASSERT_TRUE(bundle) << bundle.error().message;
  EXPECT_EQ(bundle->path, "src/shop/cart.py");
  EXPECT_EQ(bundle->output, "tests");
  EXPECT_EQ(paths(*bundle),
            (Names{"+src/shop/cart.py", "src/shop/__init__.py", "src/shop/prices.py",
                   "src/shop/tax.py", "tests/test_shop_cart.py"}));
}

TEST_F(ModuleBundleTest, ImportsInACircleEnd) {
  write("a.py", "import b\n");
  write("b.py", "import a\n");
  EXPECT_EQ(paths(*bundle_module(root() / "a.py", root() / "generated-tests")),
            (Names{"+a.py", "b.py"}));
}

TEST_F(ModuleBundleTest, TestsBesideOrAboveTheProjectHaveAName) {
  write("a.py", "");
  EXPECT_EQ(bundle_module(root() / "a.py", root())->output, "project");
  EXPECT_EQ(bundle_module(root() / "a.py", root())->path, "project/a.py");
  EXPECT_EQ(bundle_module(root() / "a.py", folder_.path() / "elsewhere/tests/")->output,
            "elsewhere/tests");
}

TEST_F(ModuleBundleTest, RefusesWhatNoServiceTakes) {
  write("latin.py", "# \xe9\n");
  EXPECT_EQ(bundle_module(root() / "latin.py", root() / "t").error().code,
            base::ErrorCode::InvalidInput);
  EXPECT_EQ(bundle_module(root() / "none.py", root() / "t").error().code,
            base::ErrorCode::NotFound);
}

}  // namespace
}  // namespace testgen::app
