// From a model's reply to tests, each by itself: what is broken or forbidden in one does not cost
// the others. Imports are resolved to what a test file of ours imports, so that tests name the
// module under test as ours do; missing imports of it are added. Replies are hostile: sizes and
// counts are bounded and any text gives some answer. Pure but for the clock that bounds parsing.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "engine/llm/proposal.h"

namespace testgen::llm {

inline constexpr std::size_t kMostTestsInAReply = 40;

[[nodiscard]] ParsedReply parse_reply(std::string_view reply, const Subject& subject,
                                      const base::Clock& clock);

}  // namespace testgen::llm
