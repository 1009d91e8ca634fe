// The body of POST /v1/generate, read and validated. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "service/api/shape.h"
#include "service/http/problem.h"

namespace testgen::service {

inline constexpr std::size_t kMaxFiles = 200;
inline constexpr std::size_t kMaxSymbols = 200;
inline constexpr std::size_t kMaxPathBytes = 512;
inline constexpr double kMinBudgetSeconds = 1;
inline constexpr double kMaxBudgetSeconds = 60;
inline constexpr double kDefaultBudgetSeconds = 10;
inline constexpr double kMaxWaitSeconds = 60;
inline constexpr double kDefaultWaitSeconds = 30;

struct InputFile {
  std::string path;  // relative, without '..', with '/' between its parts
  std::string content;
  bool generate = true;  // false: only there to be imported
};

struct GenerateInput {
  std::string language;
  std::vector<InputFile> files;
  double budget_seconds = kDefaultBudgetSeconds;
  std::uint64_t seed = 0;
  std::uint64_t max_executions = 0;  // 0: the budget's time decides
  std::string framework = "pytest";
  std::string output = "tests";      // where the test files will lie, beside the sources
  std::vector<std::string> symbols;  // qualified names; empty: all
  std::string environment;           // a named one of the service; empty: the usual Python
  std::string engine;                // who proposes tests; empty: as the service is set up
  std::chrono::milliseconds wait{0};

  // The question without the wait, the same text for the same question: what the job keeps and
  // what the cache is keyed by.
  [[nodiscard]] std::string canonical_json() const;
};

// A file in a body, and a whole body.
[[nodiscard]] const Shape& source_file_shape();
[[nodiscard]] const Shape& generate_shape();

// Every fault of the body at once.
[[nodiscard]] std::variant<GenerateInput, Problem> parse_generate(std::string_view body);
// The same from canonical_json(), for whoever runs the job.
[[nodiscard]] base::Result<GenerateInput> generate_input_of_job(std::string_view request_json);

// What is wrong with a path that is to be created in a private folder; empty when nothing is.
[[nodiscard]] std::string path_fault(std::string_view path);

}  // namespace testgen::service
