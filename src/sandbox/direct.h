// No sandbox: programs run as the caller, see what the caller sees and can reach the network.
// Only the deadline, the output limits and resource limits hold, and a process that leaves its
// process group outlives the run. Used only under --unsafe-no-sandbox. Thread-safe.
#pragma once

#include "sandbox/sandbox.h"
#include "sandbox/supervisor.h"

namespace testgen::sandbox {

class DirectSandbox final : public Sandbox {
 public:
  explicit DirectSandbox(int niceness = 0) : niceness_(niceness) {}

  [[nodiscard]] base::Result<model::RunResult> run(const Request& request,
                                                   std::stop_token stop) override;
  [[nodiscard]] base::Result<std::unique_ptr<Process>> start(const Request& request) override;
  [[nodiscard]] base::Status check() override { return {}; }
  [[nodiscard]] bool hides() const override { return false; }
  [[nodiscard]] std::string name() const override { return "none"; }

 private:
  const int niceness_;
};

}  // namespace testgen::sandbox
