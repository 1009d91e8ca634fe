// The texts that the build embeds: languages/python/verify/ joined, and the clock library's bytes.
#pragma once

#include <string_view>

namespace testgen::verify {

extern const std::string_view kServeSource;
extern const std::string_view kClockLibrary;

}  // namespace testgen::verify
