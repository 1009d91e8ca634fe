// What no test shows of a module: lines and ways on that were not taken, mutants that live. Kept
// up to date while tests are added. Pure.
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

  // Mutants that the suite lets live, as indices into the module's.
  void set_alive(std::set<std::size_t> mutants) { alive_ = std::move(mutants); }
  [[nodiscard]] const std::set<std::size_t>& alive() const { return alive_; }
  void kill(std::size_t mutant) { alive_.erase(mutant); }

  // True when a test that covers this adds something; that is then no longer missing.
  bool add(const model::Coverage& coverage);

  // Of the functions wanted (empty: all), those that lack something, in source order.
  [[nodiscard]] std::vector<llm::Gap> functions(const std::vector<std::string>& symbols) const;
  [[nodiscard]] llm::Gap of(const model::FunctionModel& function) const;

 private:
  const model::ModuleModel* module_;
  std::set<std::uint32_t> lines_;
  std::set<std::pair<std::uint32_t, std::int32_t>> ways_;  // line, where to
  std::set<std::size_t> alive_;
};

}  // namespace testgen::pipeline
