#include "engine/explorer/archive.h"

#include <algorithm>
#include <tuple>

namespace testgen::engine {
namespace {
constexpr std::size_t kReaching = 8;
}  // namespace

Archive::Archive(std::size_t goals, Promised promised, const Universe& universe)
    : promised_(std::move(promised)), universe_(universe), best_(goals, kNone), reaching_(goals) {}

Standing Archive::standing_of(const CandidateResult& result) const {
  if (result.outcome == CandidateOutcome::Passed) return Standing::Returned;
  const std::string& type = result.exception.type;
  const std::string last = type.substr(type.rfind('.') + 1);
  // Nobody leaves the process by mistake.
  const bool promised = last == "SystemExit" || promised_.documented.contains(last) ||
                        (result.exception.deliberate && promised_.raised.contains(last));
  return promised ? Standing::DocumentedException : Standing::Undocumented;
}

bool Archive::better(const ArchiveEntry& candidate, std::size_t incumbent) const {
  if (incumbent == kNone) return true;
  const ArchiveEntry& other = entries_[incumbent];
  return std::tuple(candidate.standing, candidate.weight) <
         std::tuple(other.standing, other.weight);
}

Archive::Gain Archive::offer(const TestProgram& program, const CandidateResult& result) {
  Gain gain;
  if (!ended_in_act(result, line_count(program, universe_))) return gain;

  ArchiveEntry candidate{.program = program,
                         .result = result,
                         .standing = standing_of(result),
                         .signature = result.outcome == CandidateOutcome::Passed
                                          ? "returns " + result.shape
                                          : "raises " + result.exception.type,
                         .weight = weight(program) + oddity(program, universe_)};
  candidate.result.captures.clear();
  candidate.result.facts.clear();
  const std::size_t index = entries_.size();
  for (const std::uint32_t goal : result.goals) {
    if (goal >= best_.size()) continue;
    const bool was_open = open(goal);
    if (!better(candidate, best_[goal])) continue;
    best_[goal] = index;
    gain.kept = true;
    if (was_open && candidate.standing != Standing::Undocumented) {
      gain.new_goal = true;
      ++covered_;
    } else if (was_open) {
      gain.kept = true;
    }
  }
  auto [slot, inserted] = by_signature_.try_emplace({subject(program), candidate.signature}, kNone);
  if (better(candidate, slot->second)) {
    slot->second = index;
    gain.kept = true;
  }
  if (gain.kept) {
    by_callable_[subject(program)].push_back(index);
    for (const std::uint32_t goal : candidate.result.goals) {
      if (goal >= reaching_.size()) continue;
      auto& ring = reaching_[goal];
      if (ring.size() < kReaching) {
        ring.push_back(index);
      } else {
        ring[index % kReaching] = index;
      }
    }
    entries_.push_back(std::move(candidate));
  }
  return gain;
}

bool Archive::open(std::uint32_t goal) const {
  return best_[goal] == kNone || entries_[best_[goal]].standing == Standing::Undocumented;
}

const ArchiveEntry* Archive::best(std::uint32_t goal) const {
  return best_[goal] == kNone ? nullptr : &entries_[best_[goal]];
}

const std::vector<std::size_t>& Archive::of_callable(std::size_t callable) const {
  const auto found = by_callable_.find(callable);
  return found == by_callable_.end() ? empty_ : found->second;
}

std::vector<std::size_t> Archive::goal_champions() const {
  std::set<std::size_t> out;
  for (const std::size_t index : best_) {
    if (index != kNone) out.insert(index);
  }
  return {out.begin(), out.end()};
}

std::vector<std::size_t> Archive::champions() const {
  const auto goals = goal_champions();
  std::set<std::size_t> out(goals.begin(), goals.end());
  for (const auto& [key, index] : by_signature_) out.insert(index);
  return {out.begin(), out.end()};
}

}  // namespace testgen::engine
