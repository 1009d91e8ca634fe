// The text of prices.json, built in.
#pragma once

#include <string_view>

namespace testgen::llm {

extern const std::string_view kPricesSource;

}  // namespace testgen::llm
