// Names a test for the behaviour it pins: test_wrap_when_text_is_empty_returns_empty_list.
// Names are unique within one Namer.
#pragma once

#include <set>
#include <string>

#include "engine/explorer/test_program.h"
#include "model/test_case.h"

namespace testgen::engine {

class Namer {
 public:
  explicit Namer(const Universe& universe) : universe_(universe) {}

  [[nodiscard]] std::string name(const TestProgram& program, const model::TestCase& test);

 private:
  const Universe& universe_;
  std::set<std::string> used_;
};

}  // namespace testgen::engine
