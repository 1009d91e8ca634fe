#include "emit/python_source.h"

#include <gtest/gtest.h>

#include "emit/unit_mark.h"

namespace testgen::emit {
namespace {

std::vector<std::string> values(const SlottedStatement& statement) {
  std::vector<std::string> out;
  for (const Slot& slot : statement.slots) out.push_back(slot.value);
  return out;
}

TEST(PythonSource, TakesPlainArgumentsOut) {
  const auto taken =
      take_values_out(R"~(result = list(m.f([1, "a)"], width=3, fn=m.g(b"x"), other=x)))~", "m");
  EXPECT_EQ(values(taken), (std::vector<std::string>{R"~([1, "a)"])~", "3", R"~(b"x")~"}));
  EXPECT_EQ(taken.slots[0].callee, "m.f");
  EXPECT_EQ(taken.slots[1].keyword, "width");
  EXPECT_EQ(taken.slots[2].callee, "m.g");
  EXPECT_EQ(taken.filled({"a", "b", "c"}), "result = list(m.f(a, width=b, fn=m.g(c), other=x))");
  EXPECT_EQ(taken.skeleton(),
            take_values_out("result = list(m.f(0, width=1, fn=m.g(2), other=x))", "m").skeleton());
}

TEST(PythonSource, TakesSubscriptsAndAssignedValuesOut) {
  EXPECT_EQ(values(take_values_out("result = cart[\"a\"]", "m")),
            std::vector<std::string>{"\"a\""});
  EXPECT_EQ(values(take_values_out("cart.size = -3", "m")), std::vector<std::string>{"-3"});
  EXPECT_TRUE(values(take_values_out("result = 1 + x", "m")).empty());
}

TEST(PythonSource, AStatementComesBackAsItWas) {
  for (const char* text : {"x = f(1, \"a, b\", *[2], k={1: (2,)})", "del cart[1]", "f(", "f(\"", "",
                           "cart.total().items[0](3)", "result = asyncio.run(m.f(1))"}) {
    EXPECT_EQ(take_values_out(text, "m").filled({}), text);
  }
}

TEST(PythonSource, KnowsPlainValues) {
  for (const char* text :
       {"1", "-1.5e10", "\"lambda x: f(x)\"", "[1, (None, True)]", "{1: b\"x\"}", "m.Color.RED",
        "float(\"inf\")", "datetime.date(2020, 1, 1)", "0x1f", "1j"}) {
    EXPECT_TRUE(is_plain_value(text, "m")) << text;
  }
  for (const char* text : {"m.Cart()", "x", "lambda: 1", "tmp_path / \"a\"", "[f(1)]", "",
                           "io.StringIO()", "1 if x else 2", "mm.x"}) {
    EXPECT_FALSE(is_plain_value(text, "m")) << text;
  }
}

TEST(PythonSource, NamesInStringsAndAttributesDoNotCount) {
  EXPECT_TRUE(uses_name("f(time.time())", "time"));
  EXPECT_FALSE(uses_name("datetime.now()", "time"));
  EXPECT_FALSE(uses_name("x.time()", "time"));
  EXPECT_FALSE(uses_name("f(\"time\")", "time"));
}

TEST(PythonSource, WordsOfNames) {
  EXPECT_EQ(snake_words("HTMLParser"), "html_parser");
  EXPECT_EQ(snake_words("OrderedSet2"), "ordered_set2");
  EXPECT_EQ(snake_words("a - b"), "a_b");
}

TEST(UnitMark, ReadsWhatItWrote) {
  const UnitMark mark{"Cart.total", "0123456789abcdef"};
  EXPECT_EQ(read_unit_mark("    " + unit_mark(mark) + "  "), mark);
  for (const char* line :
       {"", "# testgen: unit ",
        "# testgen: unit f sha256=", "# testgen: unit f sha256=0123456789ABCDEF",
        "# testgen: unit  sha256=0123456789abcdef", "# testgen: unit a b sha256=0123456789abcdef",
        "x = 1  # testgen: unit f sha256=0123456789abcdef"}) {
    EXPECT_FALSE(read_unit_mark(line)) << line;
  }
}

}  // namespace
}  // namespace testgen::emit
