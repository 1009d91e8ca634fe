#include "engine/explorer/value.h"

#include <gtest/gtest.h>

namespace testgen::engine {
namespace {

TEST(Value, RendersAsPythonSource) {
  EXPECT_EQ(render(Value::none()), "None");
  EXPECT_EQ(render(Value::boolean(true)), "True");
  EXPECT_EQ(render(Value::integer(-5)), "-5");
  EXPECT_EQ(render(Value::floating(2.0)), "2.0");
  EXPECT_EQ(render(Value::floating(0.1)), "0.1");
  EXPECT_EQ(render(Value::floating(1e300)), "1e+300");
  EXPECT_EQ(render(Value::container(ValueKind::Tuple, {Value::integer(1)})), "(1,)");
  EXPECT_EQ(render(Value::container(ValueKind::Set, {})), "set()");
  EXPECT_EQ(render(Value::container(ValueKind::FrozenSet, {Value::integer(1)})), "frozenset({1})");
  EXPECT_EQ(render(Value::container(ValueKind::Dict, {Value::string("a"), Value::none()})),
            "{\"a\": None}");
}

TEST(Value, QuotesTextSoThatPythonReadsItBack) {
  EXPECT_EQ(render_string("plain"), "\"plain\"");
  EXPECT_EQ(render_string("say \"hi\""), "'say \"hi\"'");
  EXPECT_EQ(render_string("both \" and '"), "\"both \\\" and '\"");
  EXPECT_EQ(render_string("tab\tnl\n\\"), "\"tab\\tnl\\n\\\\\"");
  EXPECT_EQ(render_string("\x01"), "\"\\x01\"");
  EXPECT_EQ(render_string("é漢😀"), "\"\\xe9\\u6f22\\U0001f600\"");
  EXPECT_EQ(render(Value::bytes("a\xff")), "b\"a\\xff\"");
}

TEST(Value, CallsCarryKeywords) {
  Value call = Value::call("shop.Cart", {Value::integer(1)});
  call.keywords.emplace_back("name", Value::string("x"));
  EXPECT_EQ(render(call), "shop.Cart(1, name=\"x\")");
}

TEST(Value, WeightGrowsWithSize) {
  EXPECT_LT(weight(Value::integer(1)), weight(Value::integer(1000)));
  EXPECT_LT(weight(Value::string("a")), weight(Value::string(std::string(40, 'a'))));
}

}  // namespace
}  // namespace testgen::engine
