// Judges tests that exist: what the tests about one module cover, which mutants they kill, which
// of them assert or kill nothing. load → analyze → run → mutants → score. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "model/test_analysis.h"
#include "pipeline/pipeline.h"
#include "pipeline/test_index.h"
#include "sandbox/sandbox.h"
#include "telemetry/telemetry.h"

namespace testgen::pipeline {

struct AnalyzeOptions {
  std::chrono::milliseconds budget{10'000};  // for the mutants of one module
  std::uint64_t seed = 0;                    // which of them are tried
  std::string interpreter;                   // empty: resolved for each project
};

// What the steps borrow from the application.
struct AnalyzeContext {
  sandbox::Sandbox& sandbox;
  telemetry::Telemetry& telemetry;
  const base::Clock& clock;
};

// An Error when the module cannot be worked on. Tests that fail, or that there are none, is in
// the result.
[[nodiscard]] base::Result<model::TestAnalysis> analyze_tests(
    const AnalyzeContext& context, const std::filesystem::path& file, const TestIndex& tests,
    const AnalyzeOptions& options, Progress& progress, const telemetry::SpanContext& parent,
    const std::stop_token& stop);

// Where the project that the tests belong to begins: the nearest folder above them with a file
// such as pyproject.toml, else the one that holds the folder of tests.
[[nodiscard]] std::filesystem::path project_root(const std::filesystem::path& tests);

}  // namespace testgen::pipeline
