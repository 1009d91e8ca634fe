// What a proposed test must not do, whatever the model was told by the code it read: pretend a
// module is there, replace the unit under test, swallow exceptions, assert what is always so,
// leave the unit alone, reach for the network, for files or for other processes, or ask for
// packages nobody installed. Judged by the syntax tree before anything runs; the sandbox and the
// verifier stand behind it. Pure but for the clock that bounds parsing.
#pragma once

#include <set>
#include <string>

#include "base/clock.h"
#include "engine/llm/proposal.h"

namespace testgen::llm {

// The reason to reject it; empty when it may be tried.
[[nodiscard]] std::string why_rejected(const ProposedTest& test, const Subject& subject,
                                       const Gap& gap, const base::Clock& clock);

}  // namespace testgen::llm
