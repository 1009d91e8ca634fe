// Turns the bytes of a source file into UTF-8 text, as Python itself would read them: byte
// order mark, PEP 263 coding line, universal newlines. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::source {

// The encoding named in a comment on the first or second line, lower case.
[[nodiscard]] std::optional<std::string> coding_line(std::string_view bytes);

// UTF-8 without a byte order mark and with \n line ends. InvalidInput for bytes that the
// encoding does not allow and for binary data, Unsupported for an unknown encoding.
[[nodiscard]] base::Result<std::string> decode_python(std::string_view bytes);

}  // namespace testgen::source
