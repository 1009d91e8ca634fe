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
    document["requestBody"] = {{"required", true},
                               {"content", content_of("application/json", operation.body)}};
  }
  ordered_json& responses = document["responses"] = ordered_json::object();
  for (const AnswerSpec& answer : operation.answers) add_answer(responses, answer);
  for (const AnswerSpec& answer : common_answers()) add_answer(responses, answer);
  document["security"] = ordered_json::array();
  if (!served.open) {
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

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string row(std::string_view a, std::string_view b, std::string_view c) {
  return "<tr><td><code>" + escaped(a) + "</code></td><td>" + escaped(b) + "</td><td>" +
         escaped(c) + "</td></tr>\n";
}

std::string allowed(const Field& field) {
  std::string text = schema_of(field).value("type", "any");
  if (!field.values.empty()) {
    text.clear();
    for (const std::string_view value : field.values) {
      text += (text.empty() ? "" : ", ") + std::string(value);
    }
  }
  if (field.need == Need::Required) return text + "; needed";
  return field.fallback.empty() ? text : text + "; " + std::string(field.fallback) + " if left out";
}

void add_fields(std::string& html, const Shape& shape, const std::string& prefix) {
  for (const Field& field : shape.fields) {
    html += row(prefix + std::string(field.name), allowed(field), field.what);
    if (field.shape != nullptr) {
      const bool list = field.kind == Kind::Array;
      add_fields(html, field.shape(), prefix + std::string(field.name) + (list ? "[]." : "."));
    }
  }
}

void add_operation(std::string& html, const Operation& operation) {
  html += "<h3 id=\"" + std::string(operation.id) + "\"><code>" + std::string(operation.method) +
          " " + escaped(operation.path) + "</code></h3>\n<p>" + escaped(operation.summary) + ".";
  if (!operation.text.empty()) html += " " + escaped(operation.text);
  html += "</p>\n";
  if (!operation.parameters.empty()) {
    html += "<table><tr><th>parameter</th><th>allowed</th><th>meaning</th></tr>\n";
    for (const Parameter& parameter : operation.parameters) {
      html += row(parameter.field.name, allowed(parameter.field), parameter.field.what);
    }
    html += "</table>\n";
  }
  if (operation.body != nullptr) {
    html += "<table><tr><th>member of the body</th><th>allowed</th><th>meaning</th></tr>\n";
    add_fields(html, operation.body(), "");
    html += "</table>\n";
  }
  html += "<table><tr><th>status</th><th>type</th><th>meaning</th></tr>\n";
  for (const AnswerSpec& answer : operation.answers) {
    html += row(std::to_string(answer.status), answer.status == 204 ? "" : answer.content_type,
                answer.what);
  }
  html += "</table>\n";
}

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}table{border-collapse:collapse;margin:.5rem 0;width:100%}"
    "td,th{border-bottom:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "h3{margin-top:2.5rem}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}"
    "td,th{border-color:#444}a{color:#8ab4f8}}";

}  // namespace

std::vector<Served> served_by(const Router& router) {
  std::vector<Served> served;
  for (const auto& route : router.routes()) {
    TG_CHECK(find_operation(route->method, route->path) != nullptr);
  }
  for (const Operation& operation : operations()) {
    for (const auto& route : router.routes()) {
      if (route->method != operation.method || route->path != operation.path) continue;
      served.push_back({&operation, route->permission == Permission::Public});
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

std::string docs_html(const std::vector<Served>& served, std::string_view version) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>TestGen-Copilot API</title>"
      "<style>" +
      std::string(kStyle) + "</style></head><body>\n<h1>TestGen-Copilot " + escaped(version) +
      "</h1>\n<p>For programs: <a href=\"/openapi.json\">openapi.json</a>. Errors are problem "
      "documents (RFC 9457); every answer carries <code>traceparent</code> and "
      "<code>x-request-id</code>.</p>\n";
  std::string_view group;
  for (const Served& each : served) {
    if (each.operation->group != group) {
      group = each.operation->group;
      html += "<h2>" + escaped(group) + "</h2>\n";
    }
    add_operation(html, *each.operation);
  }
  html += "<h2>Any operation</h2>\n<table><tr><th>status</th><th>type</th><th>meaning</th></tr>\n";
  for (const AnswerSpec& answer : common_answers()) {
    html += row(std::to_string(answer.status), answer.content_type, answer.what);
  }
  return html + "</table>\n</body></html>\n";
}

}  // namespace testgen::service
