// The text of languages/python/verify_run.py, embedded at build time.
#pragma once

#include <string_view>

namespace testgen::verify {

extern const std::string_view kVerifyRunSource;

}  // namespace testgen::verify
