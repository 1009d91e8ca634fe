#include "engine/explorer/consumption.h"

namespace testgen::engine {

std::optional<Consumption> consumption_of(std::string_view shape) {
  if (shape == "iterator") return Consumption::List;
  if (shape == "coroutine") return Consumption::Await;
  if (shape == "async iterator") return Consumption::AwaitList;
  if (shape == "context manager") return Consumption::Enter;
  if (shape == "async context manager") return Consumption::AwaitEnter;
  return std::nullopt;
}

bool could_not_be_consumed(const CandidateResult& result) {
  const RaisedException& raised = result.exception;
  if (result.outcome != CandidateOutcome::Raised || raised.type != "TypeError") return false;
  if (raised.inside_module) return false;
  const auto says = [&](std::string_view words) {
    return raised.message.find(words) != std::string::npos;
  };
  return says("object is not iterable") || says("in 'await' expression") ||
         says("__aiter__ method") || says("context manager protocol");
}

}  // namespace testgen::engine
