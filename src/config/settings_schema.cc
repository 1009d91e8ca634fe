#include "config/settings_schema.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "config/settings_table.h"

namespace testgen::config {
namespace {

using nlohmann::ordered_json;

// As values.h reads them.
constexpr const char* kDurationPattern = R"(^([0-9]+(\.[0-9]+)?(h|m|s|ms))+$)";
constexpr const char* kBytesPattern = "^[0-9]+(B|KiB|MiB|GiB)?$";
constexpr const char* kPercentPattern = R"(^[0-9]+(\.[0-9]+)?%?$)";

ordered_json value_schema(const Setting& setting) {
  switch (setting.kind) {
    case Kind::Text:
    case Kind::Path:
      return {{"type", "string"}};
    case Kind::Count:
      return {{"type", "integer"},
              {"minimum", std::llround(setting.minimum)},
              {"maximum", std::llround(setting.maximum)}};
    case Kind::Duration:
      return {{"type", "string"}, {"pattern", kDurationPattern}};
    case Kind::Bytes:
      return {{"type", {"string", "integer"}}, {"pattern", kBytesPattern}};
    case Kind::Ratio:
      return {{"type", "number"}, {"minimum", setting.minimum}, {"maximum", setting.maximum}};
    case Kind::Percent:
      return {{"type", {"number", "string"}},
              {"minimum", 0},
              {"maximum", 100},
              {"pattern", kPercentPattern}};
    case Kind::Switch:
      return {{"type", "boolean"}};
    case Kind::Choice: {
      ordered_json schema{{"enum", ordered_json::array()}};
      for (const std::string_view choice : setting.choices) schema["enum"].push_back(choice);
      return schema;
    }
    case Kind::List:
      return {{"type", {"array", "string"}}, {"items", {{"type", "string"}}}};
  }
  return true;
}

}  // namespace

std::string settings_schema() {
  ordered_json properties = ordered_json::object();
  for (const Setting& setting : settings_table()) {
    if (setting.in_file == InFile::Never) continue;
    ordered_json schema = value_schema(setting);
    schema["description"] = setting.help;
    if (!setting.default_text.empty())
      schema["description"] =
          std::string(setting.help) + " [" + std::string(setting.default_text) + "]";
    properties[std::string(setting.name)] = std::move(schema);
  }
  const ordered_json document{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                              {"title", "Settings of testgen"},
                              {"type", {"object", "null"}},
                              {"properties", std::move(properties)},
                              {"additionalProperties", false}};
  return document.dump(2) + "\n";
}

}  // namespace testgen::config
