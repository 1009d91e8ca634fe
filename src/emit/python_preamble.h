// The head of a test file: what it says of itself, its imports, and how it gets hold of the
// module under test. Pure.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "emit/python_body.h"
#include "model/import_plan.h"

namespace testgen::emit {

struct Preamble {
  const model::ImportPlan* plan = nullptr;  // borrowed
  std::filesystem::path folder;             // where the file will lie
  std::string docstring;
  model::Framework framework = model::Framework::Pytest;
  BodyNeeds needs;
  std::set<std::string> modules;  // that tests name: "io", "json.decoder"
  bool names_mock = false;
};

// Ends with a line end; helpers for unittest included.
[[nodiscard]] std::string render_preamble(const Preamble& preamble);

}  // namespace testgen::emit
