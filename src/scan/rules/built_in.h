// The rules of the folder rules/, embedded at build time.
#pragma once

#include <string_view>

namespace testgen::scan {

extern const std::string_view kBuiltInRules;

}  // namespace testgen::scan
