#include "sandbox/supervised_process.h"

#include "base/check.h"

namespace testgen::sandbox {

SupervisedProcess::SupervisedProcess(std::unique_ptr<Supervisor> supervisor)
    : supervisor_(std::move(supervisor)) {
  thread_ = std::thread([this] {
    auto outcome = supervisor_->run();
    model::RunResult result;  // SetupFailed
    if (outcome) {
      result = *std::move(outcome);
    } else {
      result.standard_error = base::describe(outcome.error());
    }
    const std::lock_guard lock(mutex_);
    result_ = std::move(result);
    ended_.notify_all();
  });
}

SupervisedProcess::~SupervisedProcess() {
  supervisor_->request_kill(model::Outcome::Cancelled);
  thread_.join();
}

bool SupervisedProcess::wait_until(base::SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  return ended_.wait_until(lock, deadline, [this] { return result_.has_value(); });
}

void SupervisedProcess::kill(model::Outcome reason) {
  supervisor_->request_kill(reason);
}

model::RunResult SupervisedProcess::result() {
  const std::lock_guard lock(mutex_);
  TG_CHECK(result_.has_value());
  return *result_;
}

}  // namespace testgen::sandbox
