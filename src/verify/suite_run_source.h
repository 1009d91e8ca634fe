// The text of languages/python/suite_run.py, embedded at build time.
#pragma once

#include <string_view>

namespace testgen::verify {

extern const std::string_view kSuiteRunSource;

}  // namespace testgen::verify
