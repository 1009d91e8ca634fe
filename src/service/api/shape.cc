#include "service/api/shape.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "service/api/json_reader.h"

namespace testgen::service {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string shown(double number) {
  return json(number).dump();
}

std::string one_of(const std::vector<std::string_view>& values) {
  std::string text = "must be ";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += i + 1 == values.size() ? " or " : ", ";
    text += '"' + std::string(values[i]) + '"';
  }
  return text;
}

// What is wrong with a text; empty when nothing is.
std::string text_fault(const json& value, const Field& field) {
  if (!value.is_string()) return "must be a string";
  const auto& text = value.get_ref<const std::string&>();
  if (!field.values.empty() &&
      std::find(field.values.begin(), field.values.end(), text) == field.values.end()) {
    return one_of(field.values);
  }
  if (text.size() < field.least) return "must not be empty";
  if (text.size() > field.most) {
    return "must not be longer than " + std::to_string(field.most) + " bytes";
  }
  return field.fault != nullptr ? field.fault(text) : std::string();
}

std::string number_fault(const json& value, const Field& field) {
  const double number = value.is_number() ? value.get<double>() : NAN;
  if (number >= field.min && number <= field.max) return {};
  return "must be a number from " + shown(field.min) + " to " + shown(field.max);
}

std::string integer_fault(const json& value, const Field& field) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() >= field.least &&
      value.get<std::uint64_t>() <= field.most) {
    return {};
  }
  return "must be a whole number from " + std::to_string(field.least) + " to " +
         std::to_string(field.most);
}

std::string integers_fault(const json& value) {
  const bool whole = value.is_array() && std::all_of(value.begin(), value.end(), [](const json& v) {
                       return v.is_number_unsigned();
                     });
  return whole ? "" : "must be an array of whole numbers from 0";
}

std::string map_fault(const json& value) {
  const bool texts = value.is_object() && std::all_of(value.begin(), value.end(),
                                                      [](const json& v) { return v.is_string(); });
  return texts ? "" : "must be an object whose values are strings";
}

void check_array(const json& value, const Field& field, const std::string& pointer,
                 std::vector<FieldError>& errors) {
  if (!value.is_array()) {
    errors.push_back({pointer, "must be an array"});
    return;
  }
  if (value.size() < field.least || value.size() > field.most) {
    errors.push_back({pointer, "must hold " + std::to_string(field.least) + " to " +
                                   std::to_string(field.most) + " entries"});
    return;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string at = pointer + "/" + std::to_string(i);
    if (field.shape != nullptr) {
      validate(value[i], field.shape(), at, errors);
    } else if (!value[i].is_string()) {
      errors.push_back({at, "must be a string"});
    }
  }
}

void check_field(const json& value, const Field& field, const std::string& pointer,
                 std::vector<FieldError>& errors) {
  std::string fault;
  switch (field.kind) {
    case Kind::Text:
      fault = text_fault(value, field);
      break;
    case Kind::Number:
      fault = number_fault(value, field);
      break;
    case Kind::Integer:
      fault = integer_fault(value, field);
      break;
    case Kind::Boolean:
      if (!value.is_boolean()) fault = "must be true or false";
      break;
    case Kind::Integers:
      fault = integers_fault(value);
      break;
    case Kind::TextMap:
      fault = map_fault(value);
      break;
    case Kind::Object:
      return validate(value, field.shape(), pointer, errors);
    case Kind::Array:
      return check_array(value, field, pointer, errors);
    case Kind::Any:
      return;
  }
  if (!fault.empty()) errors.push_back({pointer, std::move(fault)});
}

std::string unknown_member(const std::string& name, const Shape& shape) {
  std::string detail = "is not known here";
  for (const Field& field : shape.fields) {
    if (base::edit_distance(name, field.name) <= 2) {
      return detail + "; did you mean '" + std::string(field.name) + "'?";
    }
  }
  return detail;
}

ordered_json reference(const Shape& shape) {
  return {{"$ref", "#/components/schemas/" + std::string(shape.name)}};
}

}  // namespace

void validate(const json& value, const Shape& shape, const std::string& pointer,
              std::vector<FieldError>& errors) {
  if (!value.is_object()) {
    errors.push_back({pointer, "must be an object"});
    return;
  }
  for (const Field& field : shape.fields) {
    const auto member = value.find(field.name);
    const std::string at = pointer_to(pointer, field.name);
    if (member != value.end()) {
      check_field(*member, field, at, errors);
    } else if (field.need == Need::Required) {
      errors.push_back({at, "is missing"});
    }
  }
  if (shape.open) return;
  for (const auto& member : value.items()) {
    const auto known = std::find_if(shape.fields.begin(), shape.fields.end(),
                                    [&](const Field& field) { return field.name == member.key(); });
    if (known != shape.fields.end()) continue;
    errors.push_back({pointer_to(pointer, member.key()), unknown_member(member.key(), shape)});
  }
}

ordered_json schema_of(const Field& field) {
  ordered_json schema;
  switch (field.kind) {
    case Kind::Text:
      schema["type"] = "string";
      if (!field.values.empty()) schema["enum"] = field.values;
      if (field.least > 0) schema["minLength"] = field.least;
      if (field.most != UINT64_MAX) schema["maxLength"] = field.most;
      break;
    case Kind::Number:
      schema["type"] = "number";
      if (field.max > field.min) {
        schema["minimum"] = field.min;
        schema["maximum"] = field.max;
      }
      break;
    case Kind::Integer:
      schema["type"] = "integer";
      schema["minimum"] = field.least;
      schema["maximum"] = field.most;
      break;
    case Kind::Boolean:
      schema["type"] = "boolean";
      break;
    case Kind::Object:
      schema = reference(field.shape());
      break;
    case Kind::Array:
      schema["type"] = "array";
      schema["items"] =
          field.shape != nullptr ? reference(field.shape()) : ordered_json{{"type", "string"}};
      if (field.least > 0) schema["minItems"] = field.least;
      if (field.most != UINT64_MAX) schema["maxItems"] = field.most;
      break;
    case Kind::Integers:
      schema["type"] = "array";
      schema["items"] = {{"type", "integer"}, {"minimum", 0}};
      break;
    case Kind::TextMap:
      schema["type"] = "object";
      schema["additionalProperties"] = {{"type", "string"}};
      break;
    case Kind::Any:
      schema = ordered_json::object();
      break;
  }
  if (!field.what.empty()) schema["description"] = field.what;
  if (!field.fallback.empty()) schema["default"] = ordered_json::parse(field.fallback);
  return schema;
}

ordered_json schema_of(const Shape& shape) {
  ordered_json schema{{"type", "object"}, {"description", shape.what}};
  schema["properties"] = ordered_json::object();
  ordered_json required = ordered_json::array();
  for (const Field& field : shape.fields) {
    schema["properties"][std::string(field.name)] = schema_of(field);
    if (field.need == Need::Required) required.push_back(field.name);
  }
  if (!required.empty()) schema["required"] = std::move(required);
  schema["additionalProperties"] = shape.open;
  return schema;
}

}  // namespace testgen::service
