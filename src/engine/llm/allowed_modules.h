// Which modules a proposed test may import: of the standard library what computes, the packages
// that the module under test uses itself, and its own package. Nothing is ever installed. Pure.
#pragma once

#include <string>
#include <string_view>

#include "engine/llm/proposal.h"

namespace testgen::llm {

// Why the dotted name may not be imported; empty when it may.
[[nodiscard]] std::string why_not_importable(std::string_view dotted, const Subject& subject);

}  // namespace testgen::llm
