// The text of languages/python/mutation/run.py, embedded at build time.
#pragma once

#include <string_view>

namespace testgen::verify {

extern const std::string_view kMutationRunSource;

}  // namespace testgen::verify
