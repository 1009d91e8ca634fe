// What no test shows of a module: lines and ways on that were not taken, kept up to date while
// tests are added, and the mutants that live. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/llm/proposal.h"
#include "model/module_model.h"
#include "model/report.h"

namespace testgen::pipeline {

class Gaps {
 public:
  // Of the module, given what the suite covers; with no coverage every line of a function is
  // missing that is neither blank nor a comment.
  Gaps(const model::ModuleModel& module, std::string_view source,
       const std::optional<model::Coverage>& coverage);

  // True when a test that covers this adds something; that is then no longer missing.
  bool add(const model::Coverage& coverage);

  // Of the functions wanted (empty: all), those that lack something, in source order. `alive` are
  // mutants that the suite lets live, as indices into the module's.
  [[nodiscard]] std::vector<llm::Gap> functions(const std::vector<std::string>& symbols,
                                                const std::set<std::size_t>& alive) const;
  [[nodiscard]] llm::Gap of(const model::FunctionModel& function,
                            const std::set<std::size_t>& alive) const;

 private:
  const model::ModuleModel* module_;
  std::set<std::uint32_t> lines_;
  std::set<std::pair<std::uint32_t, std::int32_t>> ways_;  // line, where to
};

}  // namespace testgen::pipeline
