// The program of languages/python/trace/ as text; the build embeds it.
#pragma once

#include <string_view>

namespace testgen::engine {

extern const std::string_view kTraceSource;

}  // namespace testgen::engine
