// The rules of the folder rules/, which are part of the program: as their text, and as the build
// packed them once it had read and checked that text. Constant data; thread-safe.
#pragma once

#include <string_view>

#include "scan/rules/loader.h"

namespace testgen::scan {

// Files one after the other, each behind a line "#FILE name".
extern const std::string_view kBuiltInText;
extern const std::string_view kPackedRules;
// Of the text.
extern const std::string_view kBuiltInVersion;

// All of them, without examples; what they are read from YAML for at a fraction of the cost. Into
// nothing but an empty one.
void load_built_in(RuleFiles& into);

}  // namespace testgen::scan
