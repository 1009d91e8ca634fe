// The text of languages/python/harness/, embedded at build time so that the program is one
// file.
#pragma once

#include <string_view>

namespace testgen::engine {

extern const std::string_view kHarnessSource;

}  // namespace testgen::engine
