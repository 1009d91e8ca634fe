// Shorthand for tests that start from a piece of Python.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "analysis/analysis.h"
#include "analysis/syntax_tree.h"
#include "base/clock.h"

namespace testgen::analysis {

inline SyntaxTree parsed(std::string_view text) {
  auto tree = parse_python(text, base::SystemClock());
  EXPECT_TRUE(tree.has_value());
  return *std::move(tree);
}

inline model::ModuleModel analyzed(std::string_view text, const std::string& module = "cart") {
  model::SourceFile source;
  source.text = std::string(text);
  source.module_name = module;
  auto model = analyze(source, base::SystemClock());
  EXPECT_TRUE(model.has_value()) << (model ? "" : model.error().message);
  return model ? *std::move(model) : model::ModuleModel{};
}

}  // namespace testgen::analysis
