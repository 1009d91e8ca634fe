// Reads a JSON body that is hostile: bounded in depth and valid UTF-8. What is in it is checked
// against a Shape.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::service {

inline constexpr int kMaxJsonDepth = 32;

// Fails with the place of the first fault. Nothing throws.
[[nodiscard]] base::Result<nlohmann::json> parse_json(std::string_view text);

// `pointer` with one more step, escaped as RFC 6901 says.
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::string_view member);

}  // namespace testgen::service
