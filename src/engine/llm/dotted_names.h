// What dotted names of a piece of Python stand for, seen through its own imports: after
// `from os import system as run`, "run" is "os.system". Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/syntax_tree.h"

namespace testgen::llm {

class DottedNames {
 public:
  // `modules` are imported around the piece, whole.
  DottedNames(const analysis::SyntaxTree& tree, const std::vector<std::string>& modules);

  // The name with its first part spelt out; text that is no dotted name stays as it is.
  [[nodiscard]] std::string full(std::string_view text) const;
  [[nodiscard]] bool is_module(std::string_view dotted) const;

 private:
  std::map<std::string, std::string, std::less<>> meanings_;  // by first part
  std::set<std::string, std::less<>> modules_;
};

}  // namespace testgen::llm
