#include "service/api/shape.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "service/api/operations.h"

namespace testgen::service {
namespace {

using nlohmann::json;

std::string no_x(std::string_view text) {
  return text.find('x') != std::string_view::npos ? "must not have an x" : "";
}

const Shape& inner() {
  static const Shape shape{
      .name = "Inner",
      .what = "",
      .fields = {{.name = "word", .need = Need::Required, .least = 1, .most = 4, .fault = no_x}}};
  return shape;
}

const Shape& outer() {
  static const Shape shape{
      .name = "Outer",
      .what = "",
      .fields = {{.name = "color", .need = Need::Required, .values = {"red", "green", "blue"}},
                 {.name = "share", .kind = Kind::Number, .min = 0, .max = 1, .fallback = "0.5"},
                 {.name = "count", .kind = Kind::Integer, .least = 2, .most = 9},
                 {.name = "on", .kind = Kind::Boolean},
                 {.name = "labels", .kind = Kind::TextMap},
                 {.name = "any", .kind = Kind::Any},
                 {.name = "one", .kind = Kind::Object, .shape = inner},
                 {.name = "many", .kind = Kind::Array, .least = 1, .most = 2, .shape = inner},
                 {.name = "names", .kind = Kind::Array}}};
  return shape;
}

std::vector<std::string> faults(const json& value) {
  std::vector<FieldError> errors;
  validate(value, outer(), "", errors);
  std::vector<std::string> out;
  for (const FieldError& error : errors) out.push_back(error.pointer + ": " + error.detail);
  return out;
}

TEST(ShapeTest, TakesWhatFits) {
  EXPECT_TRUE(faults({{"color", "red"}}).empty());
  EXPECT_TRUE(faults(json::parse(R"({"color":"blue","share":1,"count":2,"on":false,
    "labels":{"a":"b"},"any":[1],"one":{"word":"abcd"},"many":[{"word":"a"}],"names":["n"]})"))
                  .empty());
}

TEST(ShapeTest, NamesEveryFaultAndItsPlace) {
  const std::vector<std::string> expected{R"(/color: must be "red", "green" or "blue")",
                                          "/share: must be a number from 0.0 to 1.0",
                                          "/count: must be a whole number from 2 to 9",
                                          "/on: must be true or false",
                                          "/labels: must be an object whose values are strings",
                                          "/one/word: must not have an x",
                                          "/many: must hold 1 to 2 entries",
                                          "/names/0: must be a string",
                                          "/colour: is not known here; did you mean 'color'?"};
  EXPECT_EQ(faults(json::parse(R"({"color":"grey","share":1.5,"count":1,"on":"yes","labels":{"a":1},
    "one":{"word":"x"},"many":[],"names":[7],"colour":1})")),
            expected);
  EXPECT_EQ(faults(json::parse(
                R"({"color":"red","count":-2,"one":[],"many":[{"word":""},{"word":"abcde"}]})")),
            (std::vector<std::string>{"/count: must be a whole number from 2 to 9",
                                      "/one: must be an object", "/many/0/word: must not be empty",
                                      "/many/1/word: must not be longer than 4 bytes"}));
  EXPECT_EQ(faults(json::array()), std::vector<std::string>{": must be an object"});
}

TEST(ShapeTest, TheSchemaSaysTheSame) {
  const auto schema = schema_of(outer());
  EXPECT_EQ(schema["required"], nlohmann::ordered_json::array({"color"}));
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(schema["properties"]["color"]["enum"].size(), 3U);
  EXPECT_EQ(schema["properties"]["share"]["maximum"], 1.0);
  EXPECT_EQ(schema["properties"]["share"]["default"], 0.5);
  EXPECT_EQ(schema["properties"]["count"]["minimum"], 2);
  EXPECT_EQ(schema["properties"]["many"]["items"]["$ref"], "#/components/schemas/Inner");
  EXPECT_EQ(schema_of(inner())["properties"]["word"]["maxLength"], 4);
}

TEST(OperationsTest, EachIsWholeAndHasAnIdOfItsOwn) {
  std::set<std::string_view> ids;
  for (const Operation& operation : operations()) {
    SCOPED_TRACE(operation.id);
    EXPECT_TRUE(ids.insert(operation.id).second);
    EXPECT_EQ(find_operation(operation.method, operation.path), &operation);
    EXPECT_FALSE(operation.summary.empty() || operation.group.empty());
    EXPECT_FALSE(operation.answers.empty());
    if (!operation.example.empty()) {
      Request request;
      request.body = operation.example;
      const auto taken = read_body(operation, request);
      EXPECT_TRUE(std::holds_alternative<json>(taken)) << std::get<Problem>(taken).detail;
      EXPECT_EQ(operation.example.find('\''), std::string_view::npos);
    }
    std::size_t in_path = 0;
    for (const Parameter& parameter : operation.parameters) {
      if (parameter.in != In::Path) continue;
      ++in_path;
      EXPECT_NE(operation.path.find("{" + std::string(parameter.field.name) + "}"),
                std::string_view::npos);
    }
    EXPECT_EQ(in_path, static_cast<std::size_t>(
                           std::count(operation.path.begin(), operation.path.end(), '{')));
  }
  EXPECT_EQ(find_operation("PUT", "/v1/generate"), nullptr);
}

TEST(OperationsTest, ReadsAQueryByTheTable) {
  const Operation& list = *find_operation("GET", "/v1/jobs");
  const auto read = [&](const char* query) {
    Request request;
    request.query = query;
    return read_query(list, request);
  };
  const auto good = std::get<Query>(read("state=queued&limit=7&odd=1"));
  EXPECT_EQ(good, (Query{{"limit", "7"}, {"state", "queued"}}));
  EXPECT_EQ(std::get<Query>(read("")), (Query{{"limit", "50"}}));
  for (const char* wrong : {"state=odd", "limit=0", "limit=201", "limit=1x", "limit=-1",
                            "limit=99999999999999999999"}) {
    const auto refused = read(wrong);
    ASSERT_TRUE(std::holds_alternative<Problem>(refused)) << wrong;
    EXPECT_EQ(std::get<Problem>(refused).status, 400);
  }
}

}  // namespace
}  // namespace testgen::service
