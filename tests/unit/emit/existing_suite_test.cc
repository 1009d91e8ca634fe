#include "emit/existing_suite.h"

#include <gtest/gtest.h>

#include "base/file_system.h"
#include "emit/python_suite.h"

namespace testgen::emit {
namespace {

std::string seed(const char* name) {
  return *base::read_file(std::string(TESTGEN_SOURCE_DIR) + "/fuzz/seeds/existing_suite/" + name,
                          1U << 20U);
}

TEST(ExistingSuite, ReadsTestsWithTheirUnits) {
  const auto tests = read_existing_tests(seed("whole.py"));
  ASSERT_EQ(tests.size(), 3U);
  EXPECT_EQ(tests[0].function, "Cart.__init__");
  EXPECT_EQ(tests[0].name, "test_init");
  EXPECT_EQ(tests[0].verbatim->class_name, "TestCart");
  EXPECT_EQ(
      tests[0].verbatim->text,
      "def test_init(self):\n    cart = m.Cart(helper(io.StringIO()))\n    assert cart.size == 1");
  EXPECT_EQ(tests[0].verbatim->modules, (std::vector<std::string>{"io", "m"}));
  EXPECT_EQ(tests[0].definitions, std::vector<std::string>{"def helper(x):\n    return x"});
  EXPECT_EQ(tests[1].verbatim->rows, (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(tests[1].verbatim->text.starts_with("@pytest.mark.parametrize("));
  EXPECT_EQ(tests[2].function, "f");
  EXPECT_TRUE(tests[2].verbatim->class_name.empty());
}

TEST(ExistingSuite, WhatIsReadIsWrittenAsItStood) {
  const std::string text = seed("whole.py");
  const auto tests = read_existing_tests(text);
  SuiteContext context;
  context.plan.module_name = context.plan.alias = "m";
  context.folder = "/home/ann/tests";
  context.units = {
      {"Cart", "0123456789abcdef"}, {"Cart.total", "0123456789abcdee"}, {"f", "0123456789abcded"}};
  const auto suite = render_suite(context, tests, model::SuiteLayout::AsEmitted);
  const auto part = [](const std::string& all) {
    const std::size_t start = all.find("import io");
    return all.substr(start, all.find("\n\n\ndef added_by_hand") - start);
  };
  EXPECT_EQ(part(suite.text), part(text) + (part(text).ends_with("\n") ? "" : "\n"));
  ASSERT_EQ(suite.items.size(), 4U);
  EXPECT_EQ(suite.items[1].id, "TestCart::test_total[one]");
  EXPECT_EQ(suite.items[2].tests, std::vector<std::size_t>{1});
}

TEST(ExistingSuite, UnmarkedTestsAndBrokenTextAreLeftOut) {
  EXPECT_TRUE(read_existing_tests("def test_a():\n    pass\n").empty());
  EXPECT_TRUE(read_existing_tests("").empty());
  EXPECT_TRUE(read_existing_tests(seed("cut.py")).empty());
}

TEST(ExistingSuite, AStandingTestKeepsItsPlaceWhenOthersJoin) {
  auto tests = read_existing_tests(
      "# testgen: unit Cart.total sha256=0123456789abcdee\n"
      "def test_cart_total_is_zero():\n    assert m.Cart().total() == 0\n");
  ASSERT_EQ(tests.size(), 1U);
  EXPECT_EQ(tests[0].verbatim->unit_hash, "0123456789abcdee");
  for (const char* function : {"Cart.total", "Cart.add", "Cart.add"}) {
    model::TestCase test;
    test.name = "test_" + std::to_string(tests.size());
    test.function = function;
    test.statements = {"m.Cart().call(" + std::to_string(tests.size()) + ")"};
    tests.push_back(test);
  }
  SuiteContext context;
  context.plan.module_name = context.plan.alias = "m";
  context.folder = "/home/ann/tests";
  const auto suite = render_suite(context, tests, model::SuiteLayout::OneItemACase);
  ASSERT_EQ(suite.items.size(), 4U) << suite.text;
  EXPECT_EQ(suite.items[0].id, "test_cart_total_is_zero");
  EXPECT_EQ(suite.items[1].id, "test_1");
  EXPECT_TRUE(suite.items[2].id.starts_with("TestCart::")) << suite.items[2].id;
}

}  // namespace
}  // namespace testgen::emit
