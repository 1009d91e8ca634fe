#include "engine/llm/reply_parser.h"

#include <gtest/gtest.h>

#include "cart_subject.h"
#include "engine/llm/code_blocks.h"

namespace testgen::llm {
namespace {

using testing::CartSubject;

ParsedReply parse(const std::string& reply) {
  const CartSubject cart;
  return parse_reply(reply, cart.subject, cart.clock);
}

std::string only(const std::string& reply) {
  const ParsedReply parsed = parse(reply);
  EXPECT_EQ(parsed.tests.size(), 1U) << reply;
  return parsed.tests.empty() ? "" : parsed.tests[0].text;
}

TEST(CodeBlocks, FindsCodeBetweenProse) {
  EXPECT_EQ(code_blocks("Sure!\n```python\na = 1\n```\nand\n~~~\nb = 2\n~~~\nDone."),
            (std::vector<std::string>{"a = 1\n", "b = 2\n"}));
}

TEST(CodeBlocks, ToleratesBrokenFences) {
  EXPECT_EQ(code_blocks("```python\na = 1\n"), std::vector<std::string>{"a = 1\n"});
  EXPECT_EQ(code_blocks("```py\na = 1\n```python\nb = 2\n```"),
            (std::vector<std::string>{"a = 1\n", "b = 2\n"}));
  EXPECT_EQ(code_blocks("````python\ns = '''\n```\n'''\n````"),
            std::vector<std::string>{"s = '''\n```\n'''\n"});
  EXPECT_EQ(code_blocks("```bash\npip install evil\n```\n```Python3 title=x\na = 1\n```"),
            std::vector<std::string>{"a = 1\n"});
}

TEST(CodeBlocks, BareCodeIsFoundToo) {
  EXPECT_EQ(
      code_blocks("Here you go:\n\nimport x\n\ndef test_a():\n    assert x\n\nHope this helps "
                  "you\n"),
      std::vector<std::string>{"import x\n\ndef test_a():\n    assert x\n\n"});
}

TEST(CodeBlocks, IndentationIsMended) {
  EXPECT_EQ(code_blocks("```python\n    def f():\n\t\treturn 1\n```"),
            std::vector<std::string>{"def f():\n    return 1\n"});
}

TEST(ReplyParser, NamesOfTheModuleAreThoseOfOurFiles) {
  EXPECT_EQ(only("```python\nfrom shop.cart import discount\nimport pytest\n\ndef test_a():\n"
                 "    assert discount(price=1, member=False) == 1\n```"),
            "def test_a():\n    assert cart.discount(price=1, member=False) == 1");
  EXPECT_EQ(only("```python\nimport shop.cart\n\ndef test_a():\n    assert "
                 "shop.cart.discount(1, True) == 1\n```"),
            "def test_a():\n    assert cart.discount(1, True) == 1");
  EXPECT_EQ(only("```python\nfrom shop import cart as c\n\ndef test_a():\n    assert c.discount(1, "
                 "True) == 1\n```"),
            "def test_a():\n    assert cart.discount(1, True) == 1");
  EXPECT_EQ(only("```python\nfrom .cart import Cart as Basket\n\ndef test_a():\n    assert "
                 "Basket().total() == 0\n```"),
            "def test_a():\n    assert cart.Cart().total() == 0");
}

TEST(ReplyParser, AForgottenImportIsAdded) {
  EXPECT_EQ(only("```python\ndef test_a():\n    assert discount(1, True) == 1\n```"),
            "def test_a():\n    assert cart.discount(1, True) == 1");
  EXPECT_EQ(only("```python\ndef test_a():\n    discount = cart.discount\n    assert discount(1, "
                 "True) == 1\n```"),
            "def test_a():\n    discount = cart.discount\n    assert discount(1, True) == 1");
}

TEST(ReplyParser, AHelperThatIsNamedLikeAFunctionOfTheModuleIsItself) {
  const testing::CartSubject cart;
  const std::string test = "def test_a():\n    assert discount(200) == 190\n";
  const auto own = parse_reply(
      "```python\nfrom shop import cart\n\ndef discount(price):\n    return "
      "cart.discount(price, True)\n\n" +
          test + "```",
      cart.subject, cart.clock);
  ASSERT_EQ(own.tests.size(), 1U);
  EXPECT_NE(own.tests[0].text.find("assert discount(200)"), std::string::npos) << own.tests[0].text;
  EXPECT_EQ(own.tests[0].helpers.size(), 1U);
  // A copy of what is tested is shown and not meant.
  const auto copy =
      parse_reply("```python\ndef discount(price):\n    return price - 10\n\n" + test + "```",
                  cart.subject, cart.clock);
  ASSERT_EQ(copy.tests.size(), 1U);
  EXPECT_NE(copy.tests[0].text.find("cart.discount(200)"), std::string::npos);
}

TEST(ReplyParser, OtherImportsBecomeWholeModules) {
  const ParsedReply parsed = parse(
      "```python\nfrom datetime import date as d\nimport os.path as p\n\ndef test_a():\n"
      "    assert cart.discount(d(2020, 1, 2).day, p.exists('x')) == 2\n```");
  ASSERT_EQ(parsed.tests.size(), 1U);
  EXPECT_EQ(parsed.tests[0].text,
            "def test_a():\n    assert cart.discount(datetime.date(2020, 1, 2).day, "
            "os.path.exists('x')) == 2");
  EXPECT_EQ(parsed.tests[0].modules, (std::vector<std::string>{"datetime", "os.path"}));
}

TEST(ReplyParser, ABrokenTestDoesNotCostTheOthers) {
  const ParsedReply parsed = parse(
      "```python\ndef test_a():\n    assert cart.discount(1, True) == 1\n\ndef test_b(:\n"
      "    assert\n\ndef test_c():\n    assert cart.discount(2, True) == 2\n```");
  ASSERT_EQ(parsed.tests.size(), 2U);
  EXPECT_EQ(parsed.tests[1].name, "test_c");
  ASSERT_EQ(parsed.rejected.size(), 1U);
  EXPECT_EQ(parsed.rejected[0].test, "test_b");
}

TEST(ReplyParser, MethodsOfATestClassBecomeFunctions) {
  const ParsedReply parsed = parse(
      "```python\nclass TestDiscount:\n    def setup_method(self):\n        self.c = 1\n\n"
      "    def test_a(self, tmp_path):\n        assert cart.discount(1, True) == 1\n\n"
      "    def test_b(self):\n        assert cart.discount(self.c, True) == 1\n```");
  ASSERT_EQ(parsed.tests.size(), 1U);
  EXPECT_EQ(parsed.tests[0].text, "def test_a(tmp_path):\n    assert cart.discount(1, True) == 1");
  ASSERT_EQ(parsed.rejected.size(), 1U);
  EXPECT_EQ(parsed.rejected[0].test, "test_b");
}

TEST(ReplyParser, HelpersAndConstantsGoWithTheirTests) {
  const ParsedReply parsed = parse(
      "```python\nPRICE = 200\n\ndef build():\n    return make()\n\ndef make():\n    return "
      "Cart()\n\n"
      "def unused():\n    pass\n\ndef test_a():\n    assert build().total() == 0\n\n"
      "def test_b():\n    assert discount(PRICE, True) == 190\n```");
  ASSERT_EQ(parsed.tests.size(), 2U);
  EXPECT_EQ(parsed.tests[0].helpers,
            (std::vector<std::string>{"def build():\n    return make()",
                                      "def make():\n    return cart.Cart()"}));
  EXPECT_EQ(parsed.tests[1].text,
            "def test_b():\n    PRICE = 200\n    assert cart.discount(PRICE, True) == 190");
  EXPECT_TRUE(parsed.tests[1].helpers.empty());
}

TEST(ReplyParser, TablesGetIds) {
  const ParsedReply parsed = parse(
      "```python\n@pytest.mark.parametrize('p, e', [(1, 1), pytest.param(200, 190, id='x')])\n"
      "def test_a(p, e):\n    assert discount(p, True) == e\n```");
  ASSERT_EQ(parsed.tests.size(), 1U);
  EXPECT_EQ(parsed.tests[0].rows, (std::vector<std::string>{"case_1", "case_2"}));
  EXPECT_EQ(parsed.tests[0].text,
            "@pytest.mark.parametrize(\n    'p, e',\n    [\n        pytest.param(1, 1, "
            "id=\"case_1\"),\n        pytest.param(200, 190, id=\"case_2\"),\n    ],\n)\n"
            "def test_a(p, e):\n    assert cart.discount(p, True) == e");
  EXPECT_EQ(parse("```python\n@pytest.mark.parametrize('p', range(9))\ndef test_a(p):\n    assert "
                  "discount(p, True)\n```")
                .rejected.size(),
            1U);
}

TEST(ReplyParser, AnythingGivesSomeAnswer) {
  for (const std::string& reply :
       {std::string(), std::string("I cannot help with that."), std::string("```"),
        std::string("```python\n"), std::string(200'000, '('), std::string(200'000, '`'),
        std::string("\0\xff\xfe", 3), std::string("```python\n@\n@\ndef\n```")}) {
    EXPECT_TRUE(parse(reply).tests.empty());
  }
}

TEST(ReplyParser, TestsAreCounted) {
  std::string reply = "```python\n";
  for (int i = 0; i < 60; ++i) {
    reply += "def test_" + std::to_string(i) + "():\n    assert cart.discount(1, True) == 1\n";
  }
  const ParsedReply parsed = parse(reply);
  EXPECT_EQ(parsed.tests.size(), kMostTestsInAReply);
  EXPECT_EQ(parsed.rejected.size(), 20U);
}

}  // namespace
}  // namespace testgen::llm
