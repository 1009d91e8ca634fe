// Values that a line of the module's own data suggests: the texts written on it, and texts that
// its regular expressions match. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/random.h"
#include "engine/explorer/value.h"

namespace testgen::engine {

[[nodiscard]] std::vector<Value> values_of_line(std::string_view line, base::Random& random);

}  // namespace testgen::engine
