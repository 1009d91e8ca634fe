// Content hashes: SHA-256 as lower-case hexadecimal. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace testgen::base {

[[nodiscard]] std::string sha256_hex(std::string_view data);

// True when both are equal, in time that does not depend on where they differ (for tokens).
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace testgen::base
