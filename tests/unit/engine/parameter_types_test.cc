#include <gtest/gtest.h>

#include <algorithm>

#include "engine/explorer/universe.h"

namespace testgen::engine {
namespace {

TypeTag likeliest(const model::Parameter& parameter,
                  const std::map<std::string, ClassInfo>& classes = {}) {
  const ParameterInfo info = describe_parameter(parameter, classes);
  return static_cast<TypeTag>(std::max_element(info.weights.begin(), info.weights.end()) -
                              info.weights.begin());
}

TEST(ParameterTypes, AnnotationsComeFirst) {
  EXPECT_EQ(likeliest({.name = "text", .annotation = "int"}), TypeTag::Int);
  EXPECT_EQ(likeliest({.name = "x", .annotation = "Optional[str]"}), TypeTag::Str);
  EXPECT_EQ(likeliest({.name = "x", .annotation = "typing.Sequence[int]"}), TypeTag::List);
  EXPECT_EQ(likeliest({.name = "x", .annotation = "Callable[[int], str]"}), TypeTag::Callable);
  EXPECT_EQ(likeliest({.name = "x", .annotation = "dict[str, int] | None"}), TypeTag::Dict);
}

TEST(ParameterTypes, ElementsOfContainersAreRead) {
  const auto info = describe_parameter({.name = "x", .annotation = "List[str]"}, {});
  EXPECT_GT(info.elements[static_cast<std::size_t>(TypeTag::Str)], 0);
  EXPECT_EQ(info.elements[static_cast<std::size_t>(TypeTag::Int)], 0);
}

TEST(ParameterTypes, ThenDefaultsThenNames) {
  EXPECT_EQ(likeliest({.name = "x", .default_source = "70"}), TypeTag::Int);
  EXPECT_EQ(likeliest({.name = "x", .default_source = "False"}), TypeTag::Bool);
  EXPECT_EQ(likeliest({.name = "max_width"}), TypeTag::Int);
  EXPECT_EQ(likeliest({.name = "predicate"}), TypeTag::Callable);
  EXPECT_EQ(likeliest({.name = "is_open"}), TypeTag::Bool);
  EXPECT_EQ(likeliest({.name = "filename"}), TypeTag::Str);
}

TEST(ParameterTypes, ANameThatEndsAClassNameMeansItsObject) {
  std::map<std::string, ClassInfo> classes;
  classes["RawIniParser"].name = "RawIniParser";
  classes["Section"].name = "Section";
  const auto info = describe_parameter({.name = "ini_parser"}, classes);
  EXPECT_EQ(likeliest({.name = "ini_parser"}, classes), TypeTag::Instance);
  EXPECT_EQ(info.class_names, std::vector<std::string>{"RawIniParser"});
  EXPECT_NE(likeliest({.name = "son"}, classes), TypeTag::Instance) << "too short to mean it";
}

TEST(ParameterTypes, ClassesOfTheModuleAreKnown) {
  EXPECT_EQ(likeliest({.name = "x", .annotation = "Cart"}, {{"Cart", {}}}), TypeTag::Instance);
}

TEST(ParameterTypes, NothingIsImpossible) {
  const auto info = describe_parameter({.name = "x", .annotation = "int"}, {});
  EXPECT_GT(info.weights[static_cast<std::size_t>(TypeTag::Str)], 0);
}

TEST(ParameterTypes, LiteralsAreGivenAsTheyStand) {
  const auto info =
      describe_parameter({.name = "mode", .annotation = "Optional[Literal[\"r\", \"w\"]]"}, {});
  EXPECT_EQ(info.seen, (std::vector<Value>{Value::string("r"), Value::string("w")}));
  EXPECT_GT(info.weights[static_cast<std::size_t>(TypeTag::Str)], 10);
}

TEST(ParameterTypes, AProtocolIsMetByAnythingThatHasItsMembers) {
  std::map<std::string, ClassInfo> classes;
  classes["Priced"].protocol = {"name", "price()"};
  const auto info = describe_parameter({.name = "x", .annotation = "Priced"}, classes);
  EXPECT_EQ(info.class_names, std::vector<std::string>{"types.SimpleNamespace"});
  EXPECT_EQ(info.fields, (std::vector<std::string>{"name", "price()"}));
}

}  // namespace
}  // namespace testgen::engine
