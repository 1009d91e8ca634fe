#include "telemetry/export/periodic.h"

#include "telemetry/background_thread.h"

namespace testgen::telemetry {

Periodic::Periodic(const char* thread_name, std::chrono::milliseconds interval,
                   std::function<void()> push, std::function<void()> abort)
    : interval_(interval), push_(std::move(push)), abort_(std::move(abort)) {
  thread_ = background_thread(thread_name, [this](const std::stop_token& stop) { run(stop); });
}

Periodic::~Periodic() {
  {
    const std::lock_guard lock(mutex_);
    thread_.request_stop();
  }
  abort_();
}

void Periodic::shutdown(base::SteadyTime deadline) {
  {
    std::unique_lock lock(mutex_);
    final_push_ = true;
    thread_.request_stop();
    wake_.wait_until(lock, deadline, [this] { return finished_; });
  }
  abort_();
  if (thread_.joinable()) thread_.join();
}

void Periodic::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (interval_.count() > 0) {
      wake_.wait_for(lock, stop, interval_, [] { return false; });
    } else {
      wake_.wait(lock, stop, [] { return false; });
    }
    const bool last = stop.stop_requested();
    if (last && !final_push_) break;
    lock.unlock();
    push_();
    lock.lock();
    if (last) break;
  }
  finished_ = true;
  wake_.notify_all();
}

}  // namespace testgen::telemetry
