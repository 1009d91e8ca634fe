#include "service/api/openapi.h"

#include <nlohmann/json.hpp>
#include <set>

#include "base/check.h"
#include "base/strings.h"

namespace testgen::service {
namespace {

using nlohmann::ordered_json;

std::string_view in_name(In in) {
  switch (in) {
    case In::Path:
      return "path";
    case In::Query:
      return "query";
    case In::Header:
      return "header";
  }
  return "query";
}

ordered_json content_of(std::string_view type, const Shape& (*shape)()) {
  ordered_json media = ordered_json::object();
  if (shape != nullptr) {
    media["schema"] = {{"$ref", "#/components/schemas/" + std::string(shape().name)}};
  } else {
    media["schema"] = {{"type", "string"}};
  }
  ordered_json content = ordered_json::object();
  content[std::string(type)] = std::move(media);
  return content;
}

void add_answer(ordered_json& responses, const AnswerSpec& answer) {
  const std::string status = std::to_string(answer.status);
  if (responses.contains(status)) return;  // the operation's own words go before the common ones
  ordered_json& response = responses[status];
  response["description"] = answer.what;
  if (answer.status != 204) response["content"] = content_of(answer.content_type, answer.shape);
}

ordered_json parameter_json(const Parameter& parameter) {
  return {{"name", parameter.field.name},
          {"in", in_name(parameter.in)},
          {"required", parameter.field.need == Need::Required},
          {"schema", schema_of(parameter.field)}};
}

ordered_json operation_json(const Served& served) {
  const Operation& operation = *served.operation;
  ordered_json document{
      {"operationId", operation.id}, {"tags", {operation.group}}, {"summary", operation.summary}};
  if (!operation.text.empty()) document["description"] = operation.text;
  for (const Parameter& parameter : operation.parameters) {
    document["parameters"].push_back(parameter_json(parameter));
  }
  if (operation.body != nullptr) {
    ordered_json content = content_of("application/json", operation.body);
    if (!operation.example.empty()) {
      content["application/json"]["example"] = ordered_json::parse(operation.example);
    }
    document["requestBody"] = {{"required", true}, {"content", std::move(content)}};
  }
  ordered_json& responses = document["responses"] = ordered_json::object();
  for (const AnswerSpec& answer : operation.answers) add_answer(responses, answer);
  for (const AnswerSpec& answer : common_answers()) add_answer(responses, answer);
  document["security"] = ordered_json::array();
  if (served.permission != Permission::Public) {
    document["security"].push_back({{"key", ordered_json::array()}});
    document["security"].push_back(ordered_json::object());  // while no key exists
  }
  return document;
}

// Every shape that these lead to, by name.
void collect(const Shape& shape, std::set<std::string_view>& seen, ordered_json& schemas) {
  if (!seen.insert(shape.name).second) return;
  schemas[std::string(shape.name)] = schema_of(shape);
  for (const Field& field : shape.fields) {
    if (field.shape != nullptr) collect(field.shape(), seen, schemas);
  }
}

ordered_json schemas_of(const std::vector<Served>& served) {
  ordered_json schemas = ordered_json::object();
  std::set<std::string_view> seen;
  for (const Served& each : served) {
    if (each.operation->body != nullptr) collect(each.operation->body(), seen, schemas);
    for (const AnswerSpec& answer : each.operation->answers) {
      if (answer.shape != nullptr) collect(answer.shape(), seen, schemas);
    }
  }
  for (const AnswerSpec& answer : common_answers()) collect(answer.shape(), seen, schemas);
  return schemas;
}

}  // namespace

std::vector<Served> served_by(const Router& router) {
  std::vector<Served> served;
  for (const auto& route : router.routes()) {
    TG_CHECK(find_operation(route->method, route->path) != nullptr);
  }
  for (const Operation& operation : operations()) {
    for (const auto& route : router.routes()) {
      if (route->method != operation.method || route->path != operation.path) continue;
      served.push_back({&operation, route->permission});
    }
  }
  return served;
}

std::string openapi_json(const std::vector<Served>& served, std::string_view version) {
  ordered_json document{{"openapi", "3.1.0"},
                        {"info",
                         {{"title", "TestGen-Copilot"},
                          {"version", version},
                          {"description",
                           "Tests made for source files. Every answer carries traceparent and "
                           "x-request-id; errors are problem documents (RFC 9457)."}}}};
  ordered_json& paths = document["paths"] = ordered_json::object();
  for (const Served& each : served) {
    paths[std::string(each.operation->path)][base::to_lower(each.operation->method)] =
        operation_json(each);
  }
  document["components"]["schemas"] = schemas_of(served);
  document["components"]["securitySchemes"]["key"] = {
      {"type", "http"}, {"scheme", "bearer"}, {"description", "An API key of the service."}};
  return document.dump(2) + "\n";
}

}  // namespace testgen::service
