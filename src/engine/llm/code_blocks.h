// Finds the code in what a model wrote: fenced blocks, whatever their fences look like, or bare
// code between prose. Replies are hostile: any text gives some answer, in linear time. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testgen::llm {

// At most kMostBlocks; each ends with a line end, has no tabs in front of its lines and begins at
// the first column. Blocks in another language than Python are left out.
inline constexpr std::size_t kMostBlocks = 32;
[[nodiscard]] std::vector<std::string> code_blocks(std::string_view reply);

}  // namespace testgen::llm
