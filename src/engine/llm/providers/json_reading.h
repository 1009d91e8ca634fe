// Reading JSON that may be anything: a missing or wrong part is an empty value, never an
// exception. Only for the protocols and what reads files of the same kind.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::llm {

using Json = nlohmann::json;

// Discarded when it is not JSON.
[[nodiscard]] inline Json parse_json(std::string_view text) {
  return Json::parse(text, nullptr, false);
}

// A member of an object, or null.
[[nodiscard]] inline const Json& member(const Json& object, const char* name) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(name);
  return found == object.end() ? kNull : *found;
}

// An item of an array, or null.
[[nodiscard]] inline const Json& item(const Json& array, std::size_t index) {
  static const Json kNull;
  return array.is_array() && index < array.size() ? array[index] : kNull;
}

[[nodiscard]] inline std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

// The text `key` of each item of the list `list`.
[[nodiscard]] inline std::vector<std::string> texts_of(const Json& object, const char* list,
                                                       const char* key) {
  std::vector<std::string> out;
  const Json& items = member(object, list);
  if (!items.is_array()) return out;
  for (const Json& each : items) out.push_back(text_of(member(each, key)));
  return out;
}

// A count of something; more than a trillion is a lie.
[[nodiscard]] inline std::uint64_t count_of(const Json& value) {
  constexpr std::uint64_t kMost = 1'000'000'000'000;
  if (value.is_number_unsigned()) return std::min(value.get<std::uint64_t>(), kMost);
  if (!value.is_number_float()) return 0;
  const double number = value.get<double>();
  return number >= 0 && number <= static_cast<double>(kMost) ? static_cast<std::uint64_t>(number)
                                                             : 0;
}

[[nodiscard]] inline std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace testgen::llm
