// Talks with a model about one function until nothing is missing, three times at most: first what
// is missing, then what failed. What fails is mended by rule before the model is asked again.
// Every test is judged by itself, and only the judge keeps any.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/llm/client.h"
#include "engine/llm/look_up.h"
#include "engine/llm/proposal.h"

namespace testgen::llm {

enum class Standing {
  Kept,         // it passes, is stable, and adds something
  Failed,       // or moves from run to run
  AddsNothing,  // no new line or branch, no new mutant
};

struct Judgement {
  Standing standing = Standing::Failed;
  std::string problem;  // of one that failed
};

// Runs proposed tests. Behind it is the verifier, with its sandbox.
class Judge {
 public:
  virtual ~Judge() = default;
  // One judgement for each test, in order. Those that are kept are in the suite from now on.
  [[nodiscard]] virtual base::Result<std::vector<Judgement>> judge(
      const Gap& gap, const std::vector<ProposedTest>& tests) = 0;
  // Runs it once and tells how it fails; empty when it passes.
  [[nodiscard]] virtual base::Result<std::string> failure_of(const ProposedTest& test) = 0;
  // What is missing now.
  [[nodiscard]] virtual Gap remaining(const Gap& gap) = 0;
};

struct ConversationOptions {
  int attempts = 3;
  std::uint32_t max_output_tokens = 4'096;
  std::string payer;
  std::optional<std::uint64_t> seed;
  base::SteadyTime deadline = base::SteadyTime::max();  // no call begins after it
  // Takes secrets out of what is sent.
  std::function<std::string(std::string_view)> redact;
  // Whether the model may see how its tests failed, or only that they did.
  bool tell_failures = true;
  LookUp look_up;  // empty: the model is offered no tool
};

struct ConversationResult {
  std::uint32_t proposed = 0;  // tests found in replies
  std::uint32_t kept = 0;
  std::uint32_t observed = 0;   // of those kept: with an expected value that was replaced
  std::uint32_t looked_up = 0;  // symbols that the model asked for, answered or not
  std::vector<Rejection> rejected;
  std::string provider;  // of the last reply
  std::string model;
};

// The request that a conversation about the gap begins with; without its model.
[[nodiscard]] ChatRequest first_request(const Subject& subject, const Gap& gap,
                                        const ConversationOptions& options);

// An error when the model could not be asked or the sandbox does not work; what was kept till
// then stays kept. `result` is filled as far as it came.
[[nodiscard]] base::Status converse(const Subject& subject, Gap gap, ModelClient& client,
                                    Judge& judge, const ConversationOptions& options,
                                    CallWatch& watch, const base::Clock& clock,
                                    const std::stop_token& stop, ConversationResult& result);

}  // namespace testgen::llm
