// The text of languages/python/reproduce.py, embedded at build time.
#pragma once

#include <string_view>

namespace testgen::reproduce {

extern const std::string_view kProbeSource;

}  // namespace testgen::reproduce
