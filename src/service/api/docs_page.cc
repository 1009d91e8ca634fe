#include "service/api/docs_page.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "service/auth/role.h"

namespace testgen::service {
namespace {

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

std::string code(std::string_view text) {
  return "<code>" + escaped(text) + "</code>";
}

// The tables' words: what stands between backticks is code.
std::string prose(std::string_view text) {
  std::string html;
  bool inside = false;
  for (const std::string& part : base::split(text, '`')) {
    html += inside ? code(part) : escaped(part);
    inside = !inside;
  }
  return html;
}

std::string link_to(const Shape& shape) {
  return "<a href=\"#" + std::string(shape.name) + "\">" + escaped(shape.name) + "</a>";
}

// Cells are HTML.
std::string row(std::string_view a, std::string_view b, std::string_view c) {
  return fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", a, b, c);
}

std::string table(std::string_view a, std::string_view b, std::string_view c,
                  const std::string& rows) {
  return fmt::format("<table><tr><th>{}</th><th>{}</th><th>{}</th></tr>\n{}</table>\n", a, b, c,
                     rows);
}

std::string range_of(const Field& field, std::string_view unit) {
  const bool at_most = field.most != UINT64_MAX;
  if (at_most && field.least > 0) return fmt::format("{} to {}{}", field.least, field.most, unit);
  if (at_most) return fmt::format("at most {}{}", field.most, unit);
  return field.least > 0 ? fmt::format("at least {}{}", field.least, unit) : "";
}

std::string allowed_values(const Field& field) {
  switch (field.kind) {
    case Kind::Text: {
      std::string values;
      for (const std::string_view value : field.values) {
        values += (values.empty() ? "" : ", ") + code(value);
      }
      if (!values.empty()) return values;
      const std::string range = range_of(field, " bytes");
      return range.empty() ? "text" : "text, " + range;
    }
    case Kind::Number:
      return field.max > field.min ? fmt::format("{:g} to {:g}", field.min, field.max) : "number";
    case Kind::Integer:
      return field.most == UINT64_MAX ? fmt::format("whole number from {}", field.least)
                                      : fmt::format("{} to {}", field.least, field.most);
    case Kind::Boolean:
      return "true or false";
    case Kind::Object:
      return "object";
    case Kind::Array: {
      const std::string range = range_of(field, "");
      return range.empty() ? "list" : "list, " + range;
    }
    case Kind::Integers:
      return "list of whole numbers";
    case Kind::TextMap:
      return "object of texts";
    case Kind::Any:
      return "anything";
  }
  return "";
}

std::string allowed(const Field& field) {
  const std::string text = allowed_values(field);
  if (field.need == Need::Required) return text + "; needed";
  return field.fallback.empty() ? text : text + "; else " + code(field.fallback);
}

// Of a body: with the members of its members, as somebody writes it.
void add_members(std::string& rows, const Shape& shape, const std::string& prefix) {
  for (const Field& field : shape.fields) {
    rows += row(code(prefix + std::string(field.name)), allowed(field), prose(field.what));
    if (field.shape != nullptr) {
      const bool list = field.kind == Kind::Array;
      add_members(rows, field.shape(), prefix + std::string(field.name) + (list ? "[]." : "."));
    }
  }
}

// Of an answer: as somebody looks something up in it.
std::string document(const Shape& shape) {
  std::string rows;
  for (const Field& field : shape.fields) {
    std::string kind = allowed_values(field);
    if (field.shape != nullptr) {
      kind = (field.kind == Kind::Array ? "list of " : "") + link_to(field.shape());
    }
    const char* const there = field.need == Need::Required ? "" : "; not always there";
    rows += row(code(field.name), kind + there, prose(field.what));
  }
  if (shape.open) rows += row("…", "", "Others may be there.");
  return "<h3 id=\"" + std::string(shape.name) + "\">" + escaped(shape.name) + "</h3>\n<p>" +
         prose(shape.what) + "</p>\n" + table("member", "is", "meaning", rows);
}

void collect(const Shape& shape, std::map<std::string_view, const Shape*>& shapes) {
  if (!shapes.emplace(shape.name, &shape).second) return;
  for (const Field& field : shape.fields) {
    if (field.shape != nullptr) collect(field.shape(), shapes);
  }
}

std::string answer_rows(const std::vector<AnswerSpec>& answers) {
  std::string rows;
  for (const AnswerSpec& answer : answers) {
    std::string type = answer.status == 204      ? ""
                       : answer.shape != nullptr ? link_to(answer.shape())
                                                 : code(answer.content_type);
    rows += row(code(std::to_string(answer.status)), type, prose(answer.what));
  }
  return rows;
}

std::string who(Permission permission) {
  if (permission == Permission::Public) return "Open to everybody.";
  if (permission == Permission::Metrics) {
    return "Open on a loopback listener; elsewhere with any key.";
  }
  const std::string_view role = role_needed(permission);
  return "With a key of role <code>" + std::string(role) + "</code>" +
         (role == "admin" ? "." : " or above.");
}

// As a shell takes it: $SERVER is the reader's.
std::string example(const Operation& operation) {
  const bool endless = operation.answers.front().content_type == "text/event-stream";
  std::string command = endless ? "curl -sN " : "curl -s ";
  if (operation.method != "GET" && operation.method != "POST") {
    command += "-X " + std::string(operation.method) + " ";
  }
  std::string path(operation.path);
  path = base::replace_all(path, "{id}", "$ID");
  command += "\"$SERVER" + path + "\"";
  if (!operation.example.empty()) command += " -d '" + std::string(operation.example) + "'";
  return "<pre>" + escaped(command) + "</pre>\n";
}

void add_operation(std::string& html, const Served& served) {
  const Operation& operation = *served.operation;
  html += "<h3 id=\"" + std::string(operation.id) + "\">" +
          code(std::string(operation.method) + " " + std::string(operation.path)) + "</h3>\n<p>" +
          prose(operation.summary) + ".";
  if (!operation.text.empty()) html += " " + prose(operation.text);
  html += " <small>" + who(served.permission) + "</small></p>\n";
  if (operation.body == nullptr || !operation.example.empty()) html += example(operation);
  std::string rows;
  for (const Parameter& parameter : operation.parameters) {
    rows += row(code(parameter.field.name), allowed(parameter.field), prose(parameter.field.what));
  }
  if (!rows.empty()) html += table("parameter", "allowed", "meaning", rows);
  if (operation.body != nullptr) {
    rows.clear();
    add_members(rows, operation.body(), "");
    html += table("member of the body", "allowed", "meaning", rows);
  }
  html += table("status", "answer", "meaning", answer_rows(operation.answers));
}

// Every operation in one line, by group.
std::string contents(const std::vector<Served>& served) {
  std::string html = "<nav><table>\n";
  for (const Served& each : served) {
    const Operation& operation = *each.operation;
    html += fmt::format(
        "<tr><td><code>{}</code></td><td><a "
        "href=\"#{}\"><code>{}</code></a></td><td>{}</td></tr>\n",
        operation.method, operation.id, escaped(operation.path), prose(operation.summary));
  }
  return html + "</table></nav>\n";
}

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;margin:.75rem 0;width:100%;font-size:.93em}"
    "td,th{border-bottom:1px solid #ddd;padding:.25rem .6rem .25rem 0;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}"
    "@media(min-width:48rem){td:first-child{white-space:nowrap}td:last-child{width:52%}}"
    "h2{margin-top:3rem;border-bottom:2px solid #ddd}h3{margin-top:2.5rem}small{color:#666}"
    "code,pre{font-family:ui-monospace,monospace;font-size:.95em}"
    "pre{background:#f4f4f4;padding:.75rem 1rem;overflow-x:auto;border-radius:4px}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}"
    "td,th,h2{border-color:#444}a{color:#8ab4f8}pre{background:#242424}small{color:#aaa}}";

}  // namespace

std::string docs_html(const std::vector<Served>& served, std::string_view version) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>TestGen-Copilot API</title>"
      "<style>" +
      std::string(kStyle) + "</style></head><body>\n<h1>TestGen-Copilot API</h1>\n<p>Version " +
      escaped(version) +
      "; for programs, <a href=\"/openapi.json\">openapi.json</a>. Bodies are JSON in UTF-8; "
      "members that are not known are refused. Errors are <a href=\"#Problem\">problem "
      "documents</a> (RFC 9457), and every answer carries <code>traceparent</code> and "
      "<code>x-request-id</code>.</p>\n<p>In the examples <code>SERVER</code> is the address of "
      "this service, such as <code>http://localhost:8000</code>. Once there are keys, each "
      "request but the open ones needs <code>-H &quot;Authorization: Bearer $KEY&quot;</code>."
      "</p>\n" +
      contents(served);
  std::string_view group;
  std::map<std::string_view, const Shape*> shapes;
  for (const Served& each : served) {
    if (each.operation->group != group) {
      group = each.operation->group;
      html += "<h2>" + escaped(group) + "</h2>\n";
    }
    add_operation(html, each);
    for (const AnswerSpec& answer : each.operation->answers) {
      if (answer.shape != nullptr) collect(answer.shape(), shapes);
    }
  }
  for (const AnswerSpec& answer : common_answers()) collect(answer.shape(), shapes);
  html += "<h2>Any operation</h2>\n" +
          table("status", "answer", "meaning", answer_rows(common_answers())) +
          "<h2>What answers hold</h2>\n";
  for (const auto& [name, shape] : shapes) html += document(*shape);
  return html + "</body></html>\n";
}

}  // namespace testgen::service
