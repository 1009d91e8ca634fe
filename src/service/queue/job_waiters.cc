#include "service/queue/job_waiters.h"

#include <algorithm>
#include <vector>

namespace testgen::service {

JobWaiters::JobWaiters(const base::Clock& clock)
    : clock_(clock), thread_([this](const std::stop_token& stop) { run(stop); }) {}

JobWaiters::~JobWaiters() {
  thread_.request_stop();
  thread_.join();
  release_all();
}

void JobWaiters::wait(const std::string& job_id, base::SteadyTime deadline, Callback callback) {
  {
    const std::lock_guard lock(mutex_);
    waiters_.emplace(job_id, Waiter{deadline, std::move(callback)});
    ++arrivals_;
  }
  changed_.notify_all();
}

void JobWaiters::job_ended(const model::Job& job) {
  std::vector<Callback> called;
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = waiters_.equal_range(job.id);
    for (auto entry = first; entry != last; ++entry) {
      called.push_back(std::move(entry->second.callback));
    }
    waiters_.erase(first, last);
  }
  for (const Callback& callback : called) callback(job);
}

void JobWaiters::release_all() {
  std::multimap<std::string, Waiter> released;
  {
    const std::lock_guard lock(mutex_);
    released.swap(waiters_);
  }
  for (const auto& [id, waiter] : released) waiter.callback(std::nullopt);
}

void JobWaiters::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<Callback> late;
    {
      std::unique_lock lock(mutex_);
      auto next = base::SteadyTime::max();
      for (const auto& [id, waiter] : waiters_) next = std::min(next, waiter.deadline);
      // A new waiter may be due earlier than all before it.
      const auto changed = [this, seen = arrivals_] { return arrivals_ != seen; };
      if (next == base::SteadyTime::max()) {
        changed_.wait(lock, stop, changed);
      } else {
        changed_.wait_until(lock, stop, next, changed);
      }
      const auto now = clock_.steady_now();
      for (auto entry = waiters_.begin(); entry != waiters_.end();) {
        if (entry->second.deadline > now) {
          ++entry;
          continue;
        }
        late.push_back(std::move(entry->second.callback));
        entry = waiters_.erase(entry);
      }
    }
    for (const Callback& callback : late) callback(std::nullopt);
  }
}

}  // namespace testgen::service
