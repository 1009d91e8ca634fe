// Remembers, for every goal and every shape of result, the best program that reaches it.
// A program that returns beats one that raises, a documented exception beats an undocumented
// one, and among equals the smaller wins. Not thread-safe; one a search.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/explorer/harness.h"
#include "engine/explorer/test_program.h"

namespace testgen::engine {

// How a program ended, best first.
enum class Standing { Returned = 0, DocumentedException = 1, Undocumented = 2 };

struct ArchiveEntry {
  TestProgram program;
  CandidateResult result;  // without captures and facts
  Standing standing = Standing::Returned;
  std::string signature;   // "returns list+" or "raises ValueError"
  std::size_t weight = 0;  // size, and how odd it reads
};

// Names of exceptions that are part of what a module promises.
struct Promised {
  std::set<std::string> documented;  // in docstrings
  std::set<std::string> raised;      // in `raise` statements: promised where one of them runs
};

class Archive {
 public:
  // The universe is borrowed.
  Archive(std::size_t goals, Promised promised, const Universe& universe);

  struct Gain {
    bool new_goal = false;  // a goal nobody reached, or reached only undocumented
    bool kept = false;      // the program is now the best for something
  };
  // Offers a program that passed or raised; others are ignored.
  Gain offer(const TestProgram& program, const CandidateResult& result);

  // Goals that no program reaches by returning or by a documented exception.
  [[nodiscard]] bool open(std::uint32_t goal) const;
  // The best program for the goal, documented or not; nothing when none reaches it.
  [[nodiscard]] const ArchiveEntry* best(std::uint32_t goal) const;
  [[nodiscard]] std::size_t covered() const { return covered_; }

  // Some of the kept entries that reach the goal, the best ones and others.
  [[nodiscard]] const std::vector<std::size_t>& reaching(std::uint32_t goal) const {
    return reaching_[goal];
  }

  // Entries whose act is this callable, most recent last; indices stay valid.
  [[nodiscard]] const std::vector<std::size_t>& of_callable(std::size_t callable) const;
  [[nodiscard]] const ArchiveEntry& entry(std::size_t index) const { return entries_[index]; }

  // The indices that are still the best for some goal or some signature.
  [[nodiscard]] std::vector<std::size_t> champions() const;
  [[nodiscard]] std::vector<std::size_t> goal_champions() const;

  [[nodiscard]] Standing standing_of(const CandidateResult& result) const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  [[nodiscard]] bool better(const ArchiveEntry& candidate, std::size_t incumbent) const;

  Promised promised_;
  const Universe& universe_;
  std::vector<ArchiveEntry> entries_;
  std::vector<std::size_t> best_;                   // goal → entry
  std::vector<std::vector<std::size_t>> reaching_;  // goal → a few entries, a ring
  std::map<std::pair<std::size_t, std::string>, std::size_t> by_signature_;
  std::map<std::size_t, std::vector<std::size_t>> by_callable_;
  std::vector<std::size_t> empty_;
  std::size_t covered_ = 0;
};

}  // namespace testgen::engine
