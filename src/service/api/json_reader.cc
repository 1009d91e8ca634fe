#include "service/api/json_reader.h"

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

}  // namespace testgen::service
