// Waiting, as an interface, so that tests wait without time passing. Thread-safe.
#pragma once

#include <stop_token>

#include "base/clock.h"

namespace testgen::llm {

class Pause {
 public:
  virtual ~Pause() = default;
  // Returns at `when`, or earlier with false when asked to stop.
  virtual bool until(base::SteadyTime when, std::stop_token stop) = 0;
};

class SystemPause final : public Pause {
 public:
  bool until(base::SteadyTime when, std::stop_token stop) override;
};

}  // namespace testgen::llm
