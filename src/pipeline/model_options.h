// Who proposes tests, and what a model may be asked and sent. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "telemetry/gen_ai_span.h"

namespace testgen::llm {
class ModelClient;
}

namespace testgen::pipeline {

enum class Engine { Explorer, Model, Auto };

// What a model may ask to see beside the function: nothing, its module, its package.
enum class LookUpReach { Off, Module, Package };

struct ModelOptions {
  Engine engine = Engine::Explorer;
  llm::ModelClient* client = nullptr;       // borrowed; needed by any engine but the explorer
  std::chrono::milliseconds time{120'000};  // for the model's part of one module
  std::string payer;                        // whose day's budget it counts against; or empty
  int attempts = 3;                         // at one function
  std::uint32_t max_output_tokens = 4'096;
  LookUpReach look_up = LookUpReach::Package;
  telemetry::GenAiCapture record;       // of what is said, in traces
  std::vector<std::string> never_send;  // patterns of files, beside those that speak of secrets
};

}  // namespace testgen::pipeline
