// gzip, for bodies on their way out. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::base {

// The gzip format of RFC 1952, at zlib's quickest level: bodies are small and time is ours.
[[nodiscard]] std::string gzip(std::string_view data);

// What gzip() was given; InvalidInput when it is no gzip, TooLarge past `max_bytes`.
[[nodiscard]] Result<std::string> gunzip(std::string_view data, std::size_t max_bytes);

}  // namespace testgen::base
