// What is asked of a model, as pure functions: the rules once, then the function with its
// surroundings and what no test shows of it yet. The code is handed over as data between marks,
// and nothing in it is believed: gates and verifier judge what comes back. Bounded in size.
#pragma once

#include <string>
#include <vector>

#include "engine/llm/chat.h"
#include "engine/llm/proposal.h"

namespace testgen::llm {

// The same for every function of a run, so that providers can cache it.
[[nodiscard]] std::string system_prompt(model::Framework framework);

[[nodiscard]] std::string first_prompt(const Subject& subject, const Gap& gap);

struct Feedback {
  std::vector<Rejection> rejected;  // by the gates
  std::vector<Rejection> failed;    // by the verifier, with the cleaned failure
  std::vector<std::string> idle;    // tests that passed and added nothing
};

// What came of the reply, and what is still missing.
[[nodiscard]] std::string next_prompt(const Feedback& feedback, const Gap& gap);

}  // namespace testgen::llm
