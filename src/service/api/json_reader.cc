#include "service/api/json_reader.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

// Counted before parsing, because a deep document costs memory while it is built.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxJsonDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

Error not_json(std::string detail) {
  return Error{ErrorCode::InvalidArgument, "the body is not JSON: " + std::move(detail), ""};
}

std::string shown(double number) {
  return json(number).dump();
}

}  // namespace

base::Result<json> parse_json(std::string_view text) {
  if (base::trim(text).empty()) return not_json("it is empty");
  if (const std::size_t at = base::find_invalid_utf8(text); at != std::string_view::npos) {
    return not_json("byte " + std::to_string(at) + " is not valid UTF-8");
  }
  if (too_deep(text)) {
    return not_json("it is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
  }
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    const std::string what = error.what();  // "[json.exception.parse_error.101] parse error at …"
    const std::size_t bracket = what.find("] ");
    return not_json(bracket == std::string::npos ? what : what.substr(bracket + 2));
  }
}

std::string pointer_to(std::string_view pointer, std::string_view member) {
  std::string step = base::replace_all(std::string(member), "~", "~0");
  return std::string(pointer) + "/" + base::replace_all(std::move(step), "/", "~1");
}

ObjectReader::ObjectReader(const json& value, std::string pointer, std::vector<FieldError>& errors)
    : object_(value.is_object() ? &value : nullptr), pointer_(std::move(pointer)), errors_(errors) {
  if (object_ == nullptr) errors_.push_back({pointer_, "must be an object"});
}

const json* ObjectReader::find(std::string_view name, Need need) {
  known_.emplace_back(name);
  if (object_ == nullptr) return nullptr;
  const auto member = object_->find(name);
  if (member != object_->end()) return &*member;
  if (need == Need::Required) complain(name, "is missing");
  return nullptr;
}

void ObjectReader::complain(std::string_view name, std::string detail) {
  errors_.push_back({pointer(name), std::move(detail)});
}

std::optional<std::string> ObjectReader::text(std::string_view name, Need need) {
  const json* member = find(name, need);
  if (member == nullptr) return std::nullopt;
  if (member->is_string()) return member->get<std::string>();
  complain(name, "must be a string");
  return std::nullopt;
}

std::optional<double> ObjectReader::number(std::string_view name, double min, double max) {
  const json* member = find(name, Need::Optional);
  if (member == nullptr) return std::nullopt;
  const double value = member->is_number() ? member->get<double>() : NAN;
  if (value >= min && value <= max) return value;
  complain(name, "must be a number from " + shown(min) + " to " + shown(max));
  return std::nullopt;
}

std::optional<std::uint64_t> ObjectReader::integer(std::string_view name, std::uint64_t max) {
  const json* member = find(name, Need::Optional);
  if (member == nullptr) return std::nullopt;
  if (member->is_number_unsigned() && member->get<std::uint64_t>() <= max) {
    return member->get<std::uint64_t>();
  }
  complain(name, "must be a whole number from 0 to " + std::to_string(max));
  return std::nullopt;
}

const json* ObjectReader::object(std::string_view name, Need need) {
  const json* member = find(name, need);
  if (member == nullptr || member->is_object()) return member;
  complain(name, "must be an object");
  return nullptr;
}

const json* ObjectReader::array(std::string_view name, Need need) {
  const json* member = find(name, need);
  if (member == nullptr || member->is_array()) return member;
  complain(name, "must be an array");
  return nullptr;
}

void ObjectReader::finish() {
  if (object_ == nullptr) return;
  for (const auto& member : object_->items()) {
    if (std::find(known_.begin(), known_.end(), member.key()) != known_.end()) continue;
    std::string detail = "is not known here";
    for (const std::string& name : known_) {
      if (base::edit_distance(member.key(), name) <= 2) {
        detail += "; did you mean '" + name + "'?";
        break;
      }
    }
    complain(member.key(), std::move(detail));
  }
}

}  // namespace testgen::service
