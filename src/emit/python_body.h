// The text of one test function, for pytest or unittest. Pure.
#pragma once

#include <optional>
#include <string>

#include "emit/python_table.h"
#include "model/import_plan.h"
#include "model/test_case.h"

namespace testgen::emit {

// A test is no longer than this: nobody reads longer ones.
inline constexpr std::size_t kMostLines = 24;

struct BodyStyle {
  model::Framework framework = model::Framework::Pytest;
  const model::ImportPlan* plan = nullptr;  // borrowed
  std::size_t indent = 0;                   // of the def line; in a class it has a self
};

// The whole function, decorators first, with a line end; nothing when it would be too long.
[[nodiscard]] std::optional<std::string> test_function(const TestGroup& group,
                                                       const BodyStyle& style);

// What the function needs from outside.
struct BodyNeeds {
  bool pytest = false;
  bool re = false;
  bool math = false;
  bool temporary_folder = false;  // unittest's stand-ins for fixtures
  bool patches = false;
  bool output = false;
  bool log = false;  // for unittest: a stand-in for caplog
  bool warnings = false;
};
void add_needs(const TestGroup& group, model::Framework framework, BodyNeeds& needs);

// `ValueError`, `cart.Broken`, `json.decoder.JSONDecodeError`.
[[nodiscard]] std::string exception_expression(const model::ExpectedException& exception,
                                               const model::ImportPlan& plan);

}  // namespace testgen::emit
