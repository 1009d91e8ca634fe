// Every operation of the HTTP API as one table: what it takes, what it answers, in words. The
// endpoints read their parameters through it, GET /openapi.json, /docs and the reference page are
// printed from it, and a route that is not in it ends the start of the service. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "service/api/shape.h"
#include "service/http/message.h"
#include "service/http/problem.h"

namespace testgen::service {

enum class In { Path, Query, Header };

struct Parameter {
  In in = In::Query;
  Field field;  // a Text or an Integer
};

struct AnswerSpec {
  int status = 200;
  std::string_view what;
  const Shape& (*shape)() = nullptr;  // nothing: not a JSON document
  std::string_view content_type = "application/json";
};

struct Operation {
  std::string_view id;  // "createTests"
  std::string_view method;
  std::string_view path;
  std::string_view group;    // heading of the documentation
  std::string_view summary;  // one line
  std::string_view text;     // the rest; may be empty
  std::vector<Parameter> parameters;
  const Shape& (*body)() = nullptr;
  std::string_view example = {};    // of a body, as JSON without a single quote; may be empty
  std::vector<AnswerSpec> answers;  // besides those that every operation may give
};

[[nodiscard]] const std::vector<Operation>& operations();
[[nodiscard]] const Operation* find_operation(std::string_view method, std::string_view path);
// Problems that any operation may answer with, whatever it does.
[[nodiscard]] const std::vector<AnswerSpec>& common_answers();

// The query's parameters as the table allows them, each as text; a fallback stands for one that
// is not there. InvalidArgument names the first that is wrong.
using Query = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] std::variant<Query, Problem> read_query(const Operation& operation,
                                                      const Request& request);
// The body as the table allows it, or every fault.
[[nodiscard]] std::variant<nlohmann::json, Problem> read_body(const Operation& operation,
                                                              const Request& request);

}  // namespace testgen::service
