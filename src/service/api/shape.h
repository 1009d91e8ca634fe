// What a JSON document of the API looks like, as a table: the validator, the OpenAPI document and
// the reference page all read the same rows, so none of them can say something else. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/problem.h"

namespace testgen::service {

enum class Need { Required, Optional };

enum class Kind {
  Text,
  Number,
  Integer,  // from 0
  Boolean,
  Object,
  Array,     // of objects of one shape, or of texts
  Integers,  // an array of them, from 0
  TextMap,   // an object whose values are texts
  Any,
};

struct Shape;

struct Field {
  std::string_view name;
  Kind kind = Kind::Text;
  Need need = Need::Optional;
  std::string_view what;
  double min = 0;  // of a number
  double max = 0;
  std::uint64_t least = 0;  // of an integer; bytes of a text; entries of an array
  std::uint64_t most = UINT64_MAX;
  std::string_view fallback = {};                    // as JSON; empty: none
  std::vector<std::string_view> values = {};         // a text is one of these; empty: any
  const Shape& (*shape)() = nullptr;                 // of an object, or of an array's entries
  std::string (*fault)(std::string_view) = nullptr;  // what else may be wrong with a text
};

struct Shape {
  std::string_view name;  // as the OpenAPI document calls it
  std::string_view what;
  std::vector<Field> fields;
  bool open = false;  // other members are allowed and ignored
};

// Adds every fault: a member that is missing, of the wrong kind, out of its range, or not known.
void validate(const nlohmann::json& value, const Shape& shape, const std::string& pointer,
              std::vector<FieldError>& errors);

// The shape as a JSON Schema of OpenAPI 3.1; shapes inside it are references.
[[nodiscard]] nlohmann::ordered_json schema_of(const Shape& shape);
[[nodiscard]] nlohmann::ordered_json schema_of(const Field& field);

}  // namespace testgen::service
