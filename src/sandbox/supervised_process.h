// A Process that a thread of its own supervises, so that the deadline holds and output is
// collected even when nobody asks.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "sandbox/sandbox.h"
#include "sandbox/supervisor.h"

namespace testgen::sandbox {

class SupervisedProcess final : public Process {
 public:
  explicit SupervisedProcess(std::unique_ptr<Supervisor> supervisor);
  ~SupervisedProcess() override;

  [[nodiscard]] bool wait_until(base::SteadyTime deadline) override;
  void kill(model::Outcome reason) override;
  [[nodiscard]] model::RunResult result() override;

 private:
  std::unique_ptr<Supervisor> supervisor_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<model::RunResult> result_;
  std::thread thread_;
};

}  // namespace testgen::sandbox
