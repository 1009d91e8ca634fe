#include "app/selection.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::app {
namespace {

using Names = std::vector<std::string>;
using base::ErrorCode;

// Lines:      1 import      3-4 add      6-20 Cart (attributes 7-8, add 10-12, total 14-20)
const std::vector<pipeline::Definition> kModule = {{"add", 3, 4, false},
                                                   {"Cart", 6, 20, true},
                                                   {"Cart.add", 10, 12, false},
                                                   {"Cart.total", 14, 20, false}};

source::FileChanges lines(std::vector<source::LineRange> ranges) {
  return {.lines = std::move(ranges)};
}

TEST(Selection, ChangedLinesNameTheirFunction) {
  EXPECT_EQ(changed(kModule, lines({{4, 1}})), Names{"add"});
  EXPECT_EQ(changed(kModule, lines({{11, 1}})), Names{"Cart.add"});
  EXPECT_EQ(changed(kModule, lines({{12, 3}})), (Names{"Cart", "Cart.add", "Cart.total"}));
  EXPECT_EQ(changed(kModule, lines({{19, 0}})), Names{"Cart.total"});
  EXPECT_EQ(changed(kModule, lines({{1, 1}})), Names{});
}

TEST(Selection, AClassIsNamedWhenItChangedOutsideItsMethods) {
  EXPECT_EQ(changed(kModule, lines({{7, 1}})), Names{"Cart"});
  EXPECT_EQ(changed(kModule, lines({{6, 1}})), Names{"Cart"});
  EXPECT_EQ(changed(kModule, {.whole = true}).size(), kModule.size());
}

TEST(Selection, NamesAreTakenAsTheyAre) {
  EXPECT_EQ(named(kModule, {"Cart.total", "add"}), (Names{"add", "Cart.total"}));
  EXPECT_EQ(named(kModule, {"total"}), Names{});
}

TEST(Selection, AClassMeetsItsMethods) {
  EXPECT_EQ(in_both({"Cart"}, {"Cart.add", "add"}), Names{"Cart.add"});
  EXPECT_EQ(in_both({"Cart.add"}, {"Cart"}), Names{"Cart.add"});
  EXPECT_EQ(in_both({"Car"}, {"Cart"}), Names{});
}

class SelectWork : public testing::Test {
 protected:
  void SetUp() override {
    write("cart.py", "class Cart:\n    @staticmethod\n    def total(x):\n        return x\n");
    write("tax.py", "def rate():\n    return 3\n");
    write("broken.py", "def (:\n");
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(base::write_file_atomic(folder_.path() / name, text));
  }
  [[nodiscard]] base::Result<std::vector<WorkItem>> select(const Names& names,
                                                           Names symbols) const {
    std::vector<std::filesystem::path> files;
    for (const std::string& name : names) files.push_back(folder_.path() / name);
    config::Settings settings;
    settings.symbols = std::move(symbols);
    return select_work(files, settings, clock_);
  }
  base::TempDir folder_ = *base::TempDir::create("selection");
  base::SystemClock clock_;
};

TEST_F(SelectWork, WithoutAChoiceEveryFileIsTaken) {
  const auto work = select({"cart.py", "broken.py"}, {});
  ASSERT_TRUE(work);
  EXPECT_EQ(work->size(), 2U);
  EXPECT_TRUE((*work)[0].symbols.empty());
}

TEST_F(SelectWork, ASymbolLeavesTheFilesThatHaveIt) {
  const auto work = select({"broken.py", "tax.py", "cart.py"}, {"Cart.total"});
  ASSERT_TRUE(work) << describe(work.error());
  ASSERT_EQ(work->size(), 1U);
  EXPECT_EQ((*work)[0].file.filename(), "cart.py");
  EXPECT_EQ((*work)[0].symbols, Names{"Cart.total"});
  EXPECT_EQ(describe_work(*work, clock_), (*work)[0].file.string() + ": Cart.total\n");
}

TEST_F(SelectWork, UnknownSymbolsAreUsageErrorsWithAGuess) {
  const auto slip = select({"cart.py", "tax.py"}, {"rate", "Cart.totl"});
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(slip.error().message,
            "--symbol: no function or class is called \"Cart.totl\" in these 2 files");
  EXPECT_EQ(slip.error().hint, "did you mean \"Cart.total\"?");
  EXPECT_EQ(select({"cart.py"}, {"total"}).error().hint, "did you mean \"Cart.total\"?");
  EXPECT_EQ(select({"tax.py"}, {"zebra"}).error().hint, "--dry-run lists what there is");
  // A file that cannot be parsed is the better reason.
  EXPECT_EQ(select({"broken.py"}, {"zebra"}).error().code, ErrorCode::InvalidInput);
}

TEST_F(SelectWork, AnOutlineBeginsAtDecorators) {
  const auto found = pipeline::outline(folder_.path() / "cart.py", clock_);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[1].name, "Cart.total");
  EXPECT_EQ((*found)[1].first_line, 2U);
  EXPECT_EQ((*found)[1].last_line, 4U);
  EXPECT_TRUE((*found)[0].is_class);
}

}  // namespace
}  // namespace testgen::app
