#include "operations/logs/log_line.h"

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "base/clock.h"

namespace testgen::operations {
namespace {

using nlohmann::json;

// ECS's names for what the format "json" calls otherwise; the other fields are under "testgen.".
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kEcsNames{
    {{"@timestamp", "timestamp"},
     {"client.address", "peer"},
     {"error.message", "error"},
     {"error.type", "error_type"},
     {"event.action", "event"},
     {"file.path", "file_path"},
     {"http.request.id", "request_id"},
     {"http.request.method", "method"},
     {"http.response.body.bytes", "response_bytes"},
     {"http.response.status_code", "status"},
     {"log.level", "level"},
     {"span.id", "span_id"},
     {"trace.id", "trace_id"},
     {"url.full", "url"},
     {"url.path", "path"}}};

json from_ecs(const json& line, bool keep_names) {
  constexpr std::string_view kOwn = "testgen.";
  json out = keep_names ? line : json::object();
  for (const auto& [name, value] : line.items()) {
    if (name == "event.duration" && value.is_number()) {
      out["duration_ms"] = value.get<double>() / 1e6;  // nanoseconds
      continue;
    }
    std::string_view ours = name;
    if (ours.starts_with(kOwn)) ours.remove_prefix(kOwn.size());
    for (const auto& [theirs, own] : kEcsNames) {
      if (theirs == name) ours = own;
    }
    out[std::string(ours)] = value;
  }
  return out;
}

// {"stringValue": …} and the like; 64-bit numbers come as text.
json any_value(const json& value) {
  if (!value.is_object() || value.empty()) return nullptr;
  const auto& [kind, content] = *value.items().begin();
  if (kind != "intValue" || !content.is_string()) return content;
  const auto& text = content.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() ? json(number) : content;
}

const json* only(const json& object, const char* list) {
  const auto found = object.find(list);
  if (found == object.end() || !found->is_array() || found->empty()) return nullptr;
  return found->front().is_object() ? &found->front() : nullptr;
}

// The one record of an OTLP line.
std::optional<json> from_otlp(const json& line) {
  const json* const resource = only(line, "resourceLogs");
  const json* const scope = resource == nullptr ? nullptr : only(*resource, "scopeLogs");
  const json* const record = scope == nullptr ? nullptr : only(*scope, "logRecords");
  if (record == nullptr) return std::nullopt;
  json out = json::object();
  if (const auto time = record->find("timeUnixNano"); time != record->end()) {
    const json nanoseconds = any_value({{"intValue", *time}});
    if (nanoseconds.is_number_integer()) {
      out["timestamp"] =
          base::format_rfc3339(base::WallTime(std::chrono::duration_cast<base::WallTime::duration>(
              std::chrono::nanoseconds(nanoseconds.get<std::int64_t>()))));
    }
  }
  for (const auto& [theirs, ours] :
       {std::pair{"severityText", "level"}, std::pair{"eventName", "event"},
        std::pair{"traceId", "trace_id"}, std::pair{"spanId", "span_id"}}) {
    if (const auto found = record->find(theirs); found != record->end()) out[ours] = *found;
  }
  if (const auto body = record->find("body"); body != record->end())
    out["message"] = any_value(*body);
  const auto attributes = record->find("attributes");
  if (attributes == record->end() || !attributes->is_array()) return out;
  for (const json& attribute : *attributes) {
    const auto key = attribute.is_object() ? attribute.find("key") : attribute.end();
    const auto value = attribute.is_object() ? attribute.find("value") : attribute.end();
    if (!attribute.is_object() || key == attribute.end() || !key->is_string() ||
        value == attribute.end()) {
      continue;
    }
    out[key->get<std::string>()] = any_value(*value);
  }
  return out;
}

}  // namespace

std::optional<json> read_log_line(std::string_view text, bool keep_names) {
  json line = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!line.is_object()) return std::nullopt;
  if (line.contains("ecs.version")) return from_ecs(line, keep_names);
  if (line.contains("resourceLogs")) {
    if (auto record = from_otlp(line)) return record;
  }
  return line;
}

}  // namespace testgen::operations
