// Reads what the harness answered, as untrusted: it was written beside code under test. Any JSON
// object gives some result; types, sizes and ranges are checked here and nowhere else. Pure.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/explorer/harness.h"

namespace testgen::engine {

// Why the module could not be loaded.
struct LoadFailure {
  std::string type;  // of the exception
  std::string message;
  std::string missing;  // the module that is not there, when that is the reason
  std::string place;    // " at line 3, in pkg/b.py at line 7"; or empty
};

// `answer` is to "load"; paths are told as seen from `root`. Nothing when it was loaded.
[[nodiscard]] std::optional<LoadFailure> read_load_failure(const nlohmann::json& answer,
                                                           const std::filesystem::path& root);
[[nodiscard]] RuntimeSymbols read_symbols(const nlohmann::json& answer);

// What one test gave: its entry in the answer to "run", and the goals in its slot of the shared
// memory.
void read_result(const nlohmann::json& entry, std::span<const unsigned char> covered,
                 const RunOptions& options, CandidateResult& result);

// An entry of the answer to "mutants": only kills by the given tests count, each once.
[[nodiscard]] std::vector<Kill> read_kills(const nlohmann::json& entry,
                                           const std::vector<std::uint32_t>& tests);

}  // namespace testgen::engine
