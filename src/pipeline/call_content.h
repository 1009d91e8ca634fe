// What is said in a call of a model, as JSON in the shape of the message schemas of OpenTelemetry's
// conventions for generative AI. Pure functions; whoever calls them decides whether it is recorded.
#pragma once

#include <string>

#include "engine/llm/chat.h"

namespace testgen::pipeline {

[[nodiscard]] std::string instructions_as_json(const llm::ChatRequest& request);
[[nodiscard]] std::string input_as_json(const llm::ChatRequest& request);
// Empty when the model said nothing and called nothing.
[[nodiscard]] std::string output_as_json(const llm::ChatReply& reply);

}  // namespace testgen::pipeline
