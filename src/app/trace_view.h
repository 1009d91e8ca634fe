// A trace as people read it: the tree of its spans with times, from what GET /debug/traces/{id}
// answers. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::app {

// Fails when the text is no such answer.
[[nodiscard]] base::Result<std::string> trace_text(std::string_view answer);

}  // namespace testgen::app
