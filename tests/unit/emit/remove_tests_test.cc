#include "emit/remove_tests.h"

#include <gtest/gtest.h>

namespace testgen::emit {
namespace {

constexpr std::string_view kFile = R"("""Tests for shop."""

import pytest

import shop


# testgen: unit price sha256=0123456789abcdef
def test_price_returns_3():
    assert shop.price(3) == 3


@pytest.mark.parametrize(
    "x",
    [
        pytest.param(1, id="one"),
        pytest.param(2, id="two"),
    ],
)
def test_price_of_rows(x):
    assert shop.price(x) == x


class TestCart:
    # testgen: unit Cart.add sha256=0123456789abcdee
    def test_add_returns_1(self):
        assert shop.Cart().add() == 1

    # testgen: unit Cart.total sha256=0123456789abcded
    def test_total_returns_0(self):
        assert shop.Cart().total() == 0

    def test_total_returns_1(self):
        assert shop.Cart(1).total() == 1


# testgen: unit tax sha256=0123456789abcdec
def test_tax_returns_0():
    assert shop.tax(0) == 0
)";

std::string without(std::string text, const std::string& part, const std::string& instead = "") {
  const std::size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), instead);
}

TEST(RemoveTests, TheRestStandsAsItStood) {
  const Removal some =
      remove_tests(kFile, {"test_price_returns_3", "TestCart.test_total_returns_0"});
  EXPECT_EQ(some.removed.size(), 2U);
  EXPECT_TRUE(some.untested.empty());
  std::string expected = without(
      std::string(kFile), "def test_price_returns_3():\n    assert shop.price(3) == 3\n\n\n");
  expected = without(expected,
                     "    def test_total_returns_0(self):\n"
                     "        assert shop.Cart().total() == 0\n\n");
  EXPECT_EQ(some.text, expected);
}

TEST(RemoveTests, AMarkAndAClassGoWithTheirLastTest) {
  const Removal cart =
      remove_tests(kFile, {"TestCart.test_add_returns_1", "TestCart.test_total_returns_0",
                           "TestCart.test_total_returns_1", "test_tax_returns_0"});
  EXPECT_EQ(cart.removed.size(), 4U);
  EXPECT_EQ(cart.untested, (std::set<std::string>{"Cart.add", "Cart.total", "tax"}));
  EXPECT_EQ(cart.text, std::string(kFile.substr(0, kFile.find("\n\n\nclass TestCart") + 1)));
  const Removal first = remove_tests(kFile, {"TestCart.test_add_returns_1"});
  EXPECT_EQ(first.text, without(std::string(kFile),
                                "    # testgen: unit Cart.add sha256=0123456789abcdee\n"
                                "    def test_add_returns_1(self):\n"
                                "        assert shop.Cart().add() == 1\n\n"));
}

TEST(RemoveTests, AParametrisedTestGoesWithItsRows) {
  const Removal rows = remove_tests(kFile, {"test_price_of_rows"});
  ASSERT_EQ(rows.removed.size(), 1U);
  EXPECT_EQ(rows.removed.front().verbatim->rows.size(), 2U);
  EXPECT_EQ(rows.text.find("parametrize"), std::string::npos);
  EXPECT_NE(rows.text.find("== 3\n\n\nclass TestCart:\n"), std::string::npos) << rows.text;
}

TEST(RemoveTests, NothingIsLeftOfAFileWithoutTests) {
  const Removal all =
      remove_tests(kFile, {"test_price_returns_3", "test_price_of_rows",
                           "TestCart.test_add_returns_1", "TestCart.test_total_returns_0",
                           "TestCart.test_total_returns_1", "test_tax_returns_0"});
  EXPECT_EQ(all.removed.size(), 6U);
  EXPECT_EQ(all.text, "");
  EXPECT_EQ(all.untested.size(), 4U);
}

TEST(RemoveTests, UnknownNamesChangeNothing) {
  const Removal none = remove_tests(kFile, {"test_total_returns_0", "test_nobody", "price"});
  EXPECT_TRUE(none.removed.empty());
  EXPECT_EQ(none.text, kFile);
}

}  // namespace
}  // namespace testgen::emit
