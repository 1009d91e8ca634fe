// Reads a JSON body member by member and collects every fault with its JSON pointer, so that a
// caller learns all of them from one answer. Bodies are hostile: bounded in depth, valid UTF-8,
// no member left unnoticed.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "service/http/problem.h"

namespace testgen::service {

inline constexpr int kMaxJsonDepth = 32;

// Fails with the place of the first fault. Nothing throws.
[[nodiscard]] base::Result<nlohmann::json> parse_json(std::string_view text);

// `pointer` with one more step, escaped as RFC 6901 says.
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::string_view member);

enum class Need { Required, Optional };

// One object of the body. Each member is asked for by name; finish() complains of the others.
class ObjectReader {
 public:
  // `value` and `errors` are borrowed. A value that is no object is itself a fault, and then
  // nothing is found in it.
  ObjectReader(const nlohmann::json& value, std::string pointer, std::vector<FieldError>& errors);

  // Each gives nothing when the member is missing or wrong; wrong ones are noted.
  [[nodiscard]] std::optional<std::string> text(std::string_view name, Need need);
  [[nodiscard]] std::optional<double> number(std::string_view name, double min, double max);
  [[nodiscard]] std::optional<std::uint64_t> integer(std::string_view name, std::uint64_t max);
  [[nodiscard]] const nlohmann::json* object(std::string_view name, Need need);
  [[nodiscard]] const nlohmann::json* array(std::string_view name, Need need);

  void finish();
  [[nodiscard]] std::string pointer(std::string_view name) const {
    return pointer_to(pointer_, name);
  }

 private:
  [[nodiscard]] const nlohmann::json* find(std::string_view name, Need need);
  void complain(std::string_view name, std::string detail);

  const nlohmann::json* object_;  // null when the value is no object
  std::string pointer_;
  std::vector<FieldError>& errors_;
  std::vector<std::string> known_;
};

}  // namespace testgen::service
