#include "operations/logs/log_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "emit/report_layout.h"
#include "operations/logs/log_line.h"

namespace testgen::operations {
namespace {

using Json = nlohmann::ordered_json;
constexpr auto kReplace = nlohmann::json::error_handler_t::replace;

std::string value_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, kReplace);
}

std::string pair_text(const std::string& name, const nlohmann::json& value) {
  std::string text = value_text(value);
  const bool quote =
      value.is_string() && (text.empty() || text.find_first_of(" \"=") != std::string::npos);
  return " " + name + "=" + (quote ? value.dump(-1, ' ', false, kReplace) : text);
}

bool is_leading(const std::string& name) {
  return name == "timestamp" || name == "level" || name == "message";
}

std::string text_line(const nlohmann::json& line, const std::vector<std::string>& fields) {
  std::string out;
  if (fields.empty()) {
    const auto* time = find_field(line, "timestamp");
    const auto* level = find_field(line, "level");
    const auto* message = find_field(line, "message");
    if (time != nullptr) out += value_text(*time) + " ";
    if (level != nullptr) out += fmt::format("{:<8} ", value_text(*level));
    if (message != nullptr) out += value_text(*message);
    for (const auto& [name, value] : line.items()) {
      if (!is_leading(name)) out += pair_text(name, value);
    }
  } else {
    for (const std::string& name : fields) {
      if (const auto* value = find_field(line, name); value != nullptr)
        out += pair_text(name, *value);
    }
    if (!out.empty()) out.erase(0, 1);
  }
  // A log holds what strangers sent.
  return emit::printable(out) + "\n";
}

std::string json_line(const nlohmann::json& line, const std::vector<std::string>& fields) {
  Json out = Json::object();
  for (const std::string& name : fields) {
    if (const auto* value = find_field(line, name); value != nullptr) out[name] = *value;
  }
  return out.dump(-1, ' ', false, kReplace) + "\n";
}

std::string csv_cell(std::string text) {
  // What a spreadsheet would take for a formula stays text.
  if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) {
    const bool number = text.find_first_not_of("+-0123456789.eE") == std::string::npos;
    if (!number) text.insert(0, "'");
  }
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  return "\"" + base::replace_all(std::move(text), "\"", "\"\"") + "\"";
}

std::string csv_line(const nlohmann::json& line, const std::vector<std::string>& fields) {
  std::string out;
  for (const std::string& name : fields) {
    if (&name != &fields.front()) out += ',';
    if (const auto* value = find_field(line, name); value != nullptr) {
      out += csv_cell(value_text(*value));
    }
  }
  return out + "\r\n";
}

}  // namespace

LogQuery::LogQuery(Expression where, const LogQueryOptions& options)
    : where_(std::move(where)), fields_(options.fields), output_(options.output) {}

base::Result<LogQuery> LogQuery::create(const LogQueryOptions& options) {
  auto where = Expression::parse(options.where);
  if (!where) return std::move(where).error().with_context("--where");
  if (options.output == LogOutput::Csv && options.fields.empty()) {
    return base::Error{base::ErrorCode::InvalidArgument, "--format csv needs --fields",
                       "such as --fields timestamp,event,duration_ms"};
  }
  return LogQuery(*std::move(where), options);
}

std::string LogQuery::header() const {
  if (output_ != LogOutput::Csv) return "";
  std::string out;
  for (const std::string& name : fields_) {
    out += (&name == &fields_.front() ? "" : ",") + csv_cell(name);
  }
  return out + "\r\n";
}

std::optional<std::string> LogQuery::take(std::string_view line, std::string_view where) {
  if (base::trim(line).empty()) return std::nullopt;
  ++counts_.lines;
  const auto document = read_log_line(line, /*keep_names=*/true);
  if (!document) {
    if (counts_.unreadable++ == 0) counts_.first_unreadable = std::string(where);
    return std::nullopt;
  }
  if (!where_.matches(*document)) return std::nullopt;
  ++counts_.matched;
  if (output_ == LogOutput::Csv) return csv_line(*document, fields_);
  if (output_ == LogOutput::Json) {
    return fields_.empty() ? std::string(line) + "\n" : json_line(*document, fields_);
  }
  if (!fields_.empty()) return text_line(*document, fields_);
  // Once under one name, for people.
  const auto renamed = read_log_line(line, /*keep_names=*/false);
  return text_line(renamed.value_or(*document), fields_);
}

}  // namespace testgen::operations
