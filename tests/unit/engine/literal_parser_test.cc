#include <gtest/gtest.h>

#include "base/random.h"
#include "engine/explorer/value.h"

namespace testgen::engine {
namespace {

std::string round_trip(const char* text) {
  const auto value = parse_literal(text, "mod");
  return value ? render(*value) : "refused";
}

TEST(LiteralParser, ReadsWhatPythonWrites) {
  EXPECT_EQ(round_trip("None"), "None");
  EXPECT_EQ(round_trip("[1, -2, 3.5]"), "[1, -2, 3.5]");
  EXPECT_EQ(round_trip("('a', b'\\x00')"), "(\"a\", b\"\\x00\")");
  EXPECT_EQ(round_trip("{'a': [1, 2], 'b': {}}"), "{\"a\": [1, 2], \"b\": {}}");
  EXPECT_EQ(round_trip("{3, 1}"), "{3, 1}");
  EXPECT_EQ(round_trip("set()"), "set()");
  EXPECT_EQ(round_trip("frozenset({1})"), "frozenset({1})");
  EXPECT_EQ(round_trip("float('inf')"), "float(\"inf\")");
  EXPECT_EQ(round_trip("(1,)"), "(1,)");
  EXPECT_EQ(round_trip("(1)"), "1");
  EXPECT_EQ(round_trip("123456789012345678901234567890"), "123456789012345678901234567890");
  EXPECT_EQ(round_trip("0x1F"), "31");
  EXPECT_EQ(round_trip("'\\u6f22\\U0001f600'"), "\"\\u6f22\\U0001f600\"");
  EXPECT_EQ(round_trip("'a' \"b\""), "\"ab\"");
  EXPECT_EQ(round_trip("r'\\d'"), "\"\\\\d\"");
  EXPECT_EQ(round_trip("mod.Color.RED"), "mod.Color.RED");
  EXPECT_EQ(round_trip("decimal.Decimal('1.5')"), "decimal.Decimal(\"1.5\")");
  EXPECT_EQ(round_trip("datetime.timedelta(days=1)"), "datetime.timedelta(days=1)");
}

TEST(LiteralParser, RefusesEverythingElse) {
  for (const char* text : {"__import__('os')",
                           "open('x')",
                           "a",
                           "x.y",
                           "1 + 1",
                           "lambda: 0",
                           "[x for x in y]",
                           "f()",
                           "os.system('true')",
                           "'unterminated",
                           "[1, 2",
                           "1; import os",
                           "{1: 2, 3}",
                           "(,)",
                           "",
                           "float('1e5')",
                           "eval",
                           "mod",
                           "mod.",
                           "'\\ud800'",
                           "1j",
                           "[1,,2]",
                           "not True"}) {
    EXPECT_EQ(round_trip(text), "refused") << text;
  }
}

TEST(LiteralParser, DeepNestingIsRefusedNotFollowed) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_FALSE(parse_literal(deep));
  EXPECT_FALSE(parse_literal(std::string(50, '[') + std::string(50, ']')));
}

// Property: whatever renders, parses back to the same value.
Value random_value(base::Random& random, int depth) {
  switch (random.below(depth > 3 ? 6 : 11)) {
    case 0:
      return Value::none();
    case 1:
      return Value::boolean(random.chance(0.5));
    case 2:
      return Value::integer(static_cast<std::int64_t>(random.next()));
    case 3:
      return Value::floating((random.unit() - 0.5) * 1e6);
    case 4: {
      std::string text;
      for (std::uint64_t i = random.below(12); i > 0; --i) {
        static const char* const kPieces[] = {"a", "\"", "'", "\\", "\n", "é", "😀", "\x7f", "{"};
        text += kPieces[random.below(std::size(kPieces))];
      }
      return Value::string(text);
    }
    case 5: {
      std::string raw;
      for (std::uint64_t i = random.below(8); i > 0; --i) {
        raw += static_cast<char>(random.below(256));
      }
      return Value::bytes(raw);
    }
    default: {
      const ValueKind kinds[] = {ValueKind::List, ValueKind::Tuple, ValueKind::Set,
                                 ValueKind::FrozenSet, ValueKind::Dict};
      const ValueKind kind = kinds[random.below(5)];
      std::vector<Value> items;
      const std::uint64_t count = random.below(4) * (kind == ValueKind::Dict ? 2 : 1);
      for (std::uint64_t i = 0; i < count; ++i) items.push_back(random_value(random, depth + 1));
      return Value::container(kind, std::move(items));
    }
  }
}

TEST(LiteralParser, ParsesWhateverRenders) {
  base::Random random(2026);
  for (int i = 0; i < 3000; ++i) {
    const Value value = random_value(random, 0);
    const std::string text = render(value);
    const auto back = parse_literal(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(*back, value) << text;
  }
}

// Property: arbitrary bytes neither crash the parser nor yield something it cannot render.
TEST(LiteralParser, SurvivesNoise) {
  base::Random random(7);
  const std::string alphabet =
      "[](){},:'\"\\x0123abN.-+e #\n\xff"
      "fs";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(24); n > 0; --n)
      text += alphabet[random.below(alphabet.size())];
    if (const auto value = parse_literal(text)) {
      EXPECT_TRUE(parse_literal(render(*value))) << text;
    }
  }
}

}  // namespace
}  // namespace testgen::engine
