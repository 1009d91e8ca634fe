// Where the search stands: conditions that were evaluated and of which one side is missing, and the
// comparisons that decide them. One thread at a time.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/explorer/archive.h"
#include "engine/explorer/harness.h"
#include "engine/explorer/universe.h"
#include "model/module_model.h"

namespace testgen::engine {

// A goal, and what is known of the condition that leads to it.
struct Frontier {
  std::uint32_t goal = 0;
  std::uint32_t sibling = 0;  // the other side of the condition
  std::uint64_t tries = 0;
  std::set<std::string> names;       // in the condition's text
  std::vector<std::uint32_t> sites;  // comparisons in its text
};

class Frontiers {
 public:
  // Borrows all.
  Frontiers(const model::ModuleModel& module, const Archive& archive, const Universe& universe,
            base::Random& random);

  // One whose goal is open and whose other side is reached; null when there is none.
  [[nodiscard]] Frontier* draw();

  // A program that evaluates the condition of one that was drawn.
  [[nodiscard]] const TestProgram& parent_at(const Frontier& frontier);

  // Of the captures those that decide something open come first; of the rest a part is left.
  [[nodiscard]] std::vector<Capture> worth_following(std::vector<Capture> captures);

  // Forgets how often each was tried.
  void look_afresh();

 private:
  void list_conditions();
  void locate_sites();

  const model::ModuleModel& module_;
  const Archive& archive_;
  const Universe& universe_;
  base::Random& random_;
  std::vector<Frontier> conditions_;
};

}  // namespace testgen::engine
