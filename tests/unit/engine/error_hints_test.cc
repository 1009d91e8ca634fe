#include "engine/explorer/error_hints.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/engine/small_universe.h"

namespace testgen::engine {
namespace {

class ErrorHints : public ::testing::Test {
 protected:
  std::vector<std::string> follow(Value argument, const char* type, const char* message) {
    Statement statement;
    statement.callable = universe_.find("price");
    statement.arguments = {std::move(argument)};
    base::Random random(1);
    ValueFactory values(universe_, random);
    std::vector<std::string> out;
    for (const TestProgram& program : follow_exception(
             {{statement}}, {.type = type, .message = message}, universe_, values, random, 20)) {
      out.push_back(render(program.statements[0].arguments[0]));
    }
    return out;
  }
  static bool has(const std::vector<std::string>& all, const std::string& wanted) {
    return std::find(all.begin(), all.end(), wanted) != all.end();
  }

  model::ModuleModel module_ = small_module();
  Universe universe_ = small_universe(module_);
};

TEST_F(ErrorHints, AMissingKeyIsAdded) {
  const auto all =
      follow(Value::container(ValueKind::Dict, {Value::string("a"), Value::integer(1)}), "KeyError",
             "'net'");
  EXPECT_TRUE(has(all, "{\"a\": 1, \"net\": 1}"));
}

TEST_F(ErrorHints, AsManyValuesAsAreUnpacked) {
  const auto all = follow(Value::container(ValueKind::Tuple, {Value::integer(1)}), "ValueError",
                          "not enough values to unpack (expected 3, got 1)");
  EXPECT_TRUE(has(all, "(1, 1, 1)"));
}

TEST_F(ErrorHints, ACallableTakesWhatItIsGiven) {
  for (const auto& [source, message] :
       {std::pair{"lambda x: x", "<lambda>() takes 1 positional argument but 2 were given"},
        {"lambda x, y, z: x", "<lambda>() missing 1 required positional argument: 'z'"},
        {"len", "len() takes exactly one argument (2 given)"}}) {
    const auto all = follow(Value::name(source), "TypeError", message);
    ASSERT_FALSE(all.empty()) << message;
    EXPECT_TRUE(all.front().starts_with("lambda x, y:")) << all.front();
  }
}

TEST_F(ErrorHints, ANumberIsSpelledWhereOneIsRead) {
  const auto all =
      follow(Value::string("v=abc"), "ValueError", "invalid literal for int() with base 10: 'abc'");
  EXPECT_TRUE(has(all, "\"v=7\""));
}

TEST_F(ErrorHints, OnlyTheOffendingTypeIsReplaced) {
  const auto all =
      follow(Value::container(ValueKind::List, {Value::string("a"), Value::integer(5)}),
             "AttributeError", "'int' object has no attribute 'lower'");
  ASSERT_FALSE(all.empty());
  for (const auto& changed : all) EXPECT_TRUE(changed.starts_with("[\"a\", \"")) << changed;
}

TEST_F(ErrorHints, AnUnknownAttributeAsksForAnObjectThatHasIt) {
  const auto all =
      follow(Value::integer(5), "AttributeError", "'int' object has no attribute 'colour'");
  ASSERT_FALSE(all.empty());
  EXPECT_TRUE(all[0].starts_with("types.SimpleNamespace(colour=")) << all[0];
}

TEST_F(ErrorHints, ComplaintsNameWhatWasWantedAndWhatWasGiven) {
  struct Case {
    const char* message;
    TypeTag wanted;
    const char* given;
  };
  for (const Case& item :
       {Case{"'int' object is not iterable", TypeTag::List, "int"},
        Case{"a bytes-like object is required, not 'str'", TypeTag::Bytes, "str"},
        Case{"'list' object cannot be interpreted as an integer", TypeTag::Int, "list"},
        Case{"sequence item 0: expected str instance, int found", TypeTag::Str, "int"},
        Case{"'NoneType' object has no attribute 'read'", TypeTag::Stream, "NoneType"},
        Case{"unhashable type: 'set'", TypeTag::Str, "set"}}) {
    const auto complaint = read_type_complaint(item.message);
    ASSERT_TRUE(complaint) << item.message;
    EXPECT_EQ(complaint->wanted, item.wanted) << item.message;
    EXPECT_EQ(complaint->given, item.given) << item.message;
  }
  EXPECT_FALSE(read_type_complaint("division by zero"));
}

TEST_F(ErrorHints, HostileMessagesAreHarmless) {
  for (const char* message : {"", "'", "has no attribute '", "expected , not", "(expected 99999999",
                              "missing 1 required positional argument: '"}) {
    (void)follow(Value::integer(1), "TypeError", message);
    (void)follow(Value::integer(1), "KeyError", message);
    (void)follow(Value::integer(1), "ValueError", message);
  }
}

}  // namespace
}  // namespace testgen::engine
