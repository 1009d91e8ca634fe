// What a test asks its runner for, and whether the project has to be there for it.
#include "emit/python_fixtures.h"

#include <gtest/gtest.h>

namespace testgen::emit {
namespace {

model::TestCase standing(const std::string& text) {
  model::TestCase test;
  test.verbatim = model::Verbatim{text, "", {}, {}, ""};
  return test;
}

TEST(Fixtures, OfAssertionsCountToo) {
  model::TestCase test;
  test.fixtures = {"cart"};
  test.assertions = {{"(tmp_path / \"a\").read_text()", "\"b\""}, {"capsys.readouterr().out", "1"}};
  EXPECT_EQ(fixtures_of(test), (std::vector<std::string>{"capsys", "cart", "tmp_path"}));
  EXPECT_TRUE(asks_the_project(test));
}

TEST(Fixtures, OfTheRunnerNeedNoProject) {
  model::TestCase test;
  test.fixtures = {"tmp_path", "monkeypatch"};
  EXPECT_FALSE(asks_the_project(test));
}

TEST(Fixtures, OfATestThatStandsAreItsParameters) {
  EXPECT_TRUE(asks_the_project(standing("def test_total(full_cart):\n    assert full_cart\n")));
  EXPECT_TRUE(asks_the_project(standing("def test_total(self, cart):\n    assert cart\n")));
  EXPECT_FALSE(asks_the_project(standing("def test_total(self, tmp_path):\n    pass\n")));
  EXPECT_FALSE(asks_the_project(standing("def test_total():\n    f(cart)\n")));
  const std::string table = "@pytest.mark.parametrize(\n    \"amount, expected\",\n    [],\n)\n";
  EXPECT_FALSE(asks_the_project(standing(table + "def test_price(amount, expected):\n    pass\n")));
  EXPECT_TRUE(
      asks_the_project(standing(table + "def test_price(cart, amount, expected):\n    pass\n")));
}

}  // namespace
}  // namespace testgen::emit
