// The search with an aim: calls that bring a given text to given places of a module. Its text hands
// what arrives there to functions of its own, probes, which compare it; see reproduce/aim.h. Made
// of the same parts as explore(), without the suite. One call is about one module.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/import_plan.h"
#include "model/module_model.h"
#include "sandbox/sandbox.h"

namespace testgen::engine {

struct ReachTarget {
  std::string probe;   // name of the function that is given what arrives
  std::string within;  // qualified name of the function that hands it over
  std::string text;    // what is to arrive
};

struct ReachRequest {
  const model::ModuleModel* module = nullptr;  // borrowed; with the probes in it
  model::ImportPlan plan;
  std::string interpreter;
  std::vector<std::filesystem::path> read_only;  // what the interpreter and the project need
  std::vector<ReachTarget> targets;
  std::uint64_t executions = 4'000;
  std::chrono::milliseconds longest{10'000};
  std::uint64_t seed = 0;
};

// A call, as statements and as the values of its parameters. Sources.
struct ReachingCall {
  std::string function;                                        // qualified name of what is called
  std::vector<std::pair<std::string, std::string>> arguments;  // by parameter
  std::vector<std::string> more;                               // what *args gets
  std::vector<std::string> before;                             // statements that arrange it
  std::vector<std::string> definitions;                        // helpers that they need
  std::string call;
  std::string receiver;  // variable that holds the object; or empty
};

struct Reached {
  bool touched = false;             // some call got there, with this text or another
  std::vector<ReachingCall> calls;  // that brought the text, the plainest first; few
};

// One for each target. An Error when the module cannot be imported or the sandbox cannot be used.
[[nodiscard]] base::Result<std::vector<Reached>> reach(const ReachRequest& request,
                                                       sandbox::Sandbox& sandbox,
                                                       const base::Clock& clock,
                                                       const std::stop_token& stop);

}  // namespace testgen::engine
