#include "engine/explorer/docstring_types.h"

#include <gtest/gtest.h>

#include "engine/explorer/universe.h"

namespace testgen::engine {
namespace {

bool says(const DocumentedType& type, std::string_view word) {
  return type.words.find(word) != std::string::npos;
}

TEST(DocstringTypes, SphinxFields) {
  const char* text =
      "Does it.\n\n:param int count: how many\n:param name: its name\n:type name: str\n";
  EXPECT_EQ(documented_type(text, "count").words, "int");
  EXPECT_TRUE(documented_type(text, "count").stated);
  EXPECT_EQ(documented_type(text, "name").words, "str");
  EXPECT_EQ(documented_type(text, "other").words, "");
}

TEST(DocstringTypes, NumPyAndGoogle) {
  const char* numpy =
      "Parameters\n----------\nx : integer, optional\n    The x.\nxs : list of str\n";
  EXPECT_TRUE(says(documented_type(numpy, "x"), "int"));
  EXPECT_TRUE(says(documented_type(numpy, "xs"), "list of str"));
  const char* google = "Args:\n    path (str): where.\n    *rest (Optional[dict]): more\n";
  EXPECT_EQ(documented_type(google, "path").words, "str");
  EXPECT_TRUE(says(documented_type(google, "rest"), "dict"));
}

TEST(DocstringTypes, ADescriptionSaysLess) {
  const auto type = documented_type(
      ":param params: (optional) Dictionary, list of tuples or bytes. The string is not meant.\n",
      "params");
  EXPECT_FALSE(type.stated);
  EXPECT_TRUE(says(type, "dict") && says(type, "bytes"));
  EXPECT_FALSE(says(type, "str"));
}

TEST(DocstringTypes, TheyRaiseWeights) {
  ParameterEvidence evidence;
  evidence.documented = documented_type(":type data: bytes", "data");
  const auto told = describe_parameter({.name = "data"}, {}, evidence);
  const auto untold = describe_parameter({.name = "data"}, {});
  const auto bytes = static_cast<std::size_t>(TypeTag::Bytes);
  EXPECT_GT(told.weights[bytes], untold.weights[bytes] + 4);
  const auto annotated = describe_parameter({.name = "data", .annotation = "int"}, {}, evidence);
  EXPECT_LT(annotated.weights[bytes], 1.0) << "an annotation knows better";
}

}  // namespace
}  // namespace testgen::engine
