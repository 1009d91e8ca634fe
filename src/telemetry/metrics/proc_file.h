// Reads the small text files of /proc and /sys, which have no size and hold numbers and keys.
// What cannot be read is nothing, not an error: kernels and containers differ in what they show.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace testgen::telemetry {

// The whole file, up to a mebibyte.
[[nodiscard]] std::optional<std::string> read_proc_file(const std::filesystem::path& path);

// A decimal number with nothing around it but blanks.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

// The number that is all of a file; "max" is none.
[[nodiscard]] std::optional<std::uint64_t> read_number(const std::filesystem::path& path);

// The number behind "<key> " at the start of a line, as in memory.stat.
[[nodiscard]] std::optional<std::uint64_t> read_keyed(const std::filesystem::path& path,
                                                      std::string_view key);

}  // namespace testgen::telemetry
