// The table of drills: one for each alert that is shipped. Constant data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace testgen::app {

// How a drill breaks things by itself.
enum class DrillFault : std::uint8_t {
  None,           // what clients do is the fault
  Command,        // only with --inject and --lift
  SandboxFails,   // no program starts
  SandboxStalls,  // programs wait
  StoreFails,     // the database refuses
  StoreFlaps,     // it refuses again and again
  CacheLost,      // the cache is emptied again and again
  ModelFails,     // no provider of models answers
  Pause,          // the process stands still (SIGSTOP)
  Kill,           // the process is killed whenever it has started again
  Memory,         // its control group is filled
  Disk,           // a file fills the disk of --fill
};

// What clients do meanwhile.
enum class DrillLoad : std::uint8_t {
  None,
  SameQuestion,    // one question again and again, waiting three seconds for it
  NewQuestions,    // a different one each time
  ModelQuestions,  // the same, and a model is to answer it
  ManyNew,         // twenty that nobody waits for, once
  HangingCode,     // modules that never end
  Guesses,         // requests with keys that do not exist
  ManyRequests,    // far more than the caller's habit
  FalsePositives,  // findings that are called false
};

struct DrillSpec {
  std::string_view alert;
  std::string_view severity;
  DrillFault fault = DrillFault::None;
  DrillLoad load = DrillLoad::None;
  std::string_view what;  // is done, for people
};

[[nodiscard]] std::span<const DrillSpec> drills();
[[nodiscard]] const DrillSpec* find_drill(std::string_view alert);

}  // namespace testgen::app
