// Those who wait for jobs to end, without holding a thread: each waiter is a callback that is
// called once, with the ended job or, at its deadline, with nothing. Thread-safe; callbacks run
// on the thread that ended the job or on this object's own, outside any lock.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "model/job.h"

namespace testgen::service {

class JobWaiters {
 public:
  using Callback = std::function<void(const std::optional<model::Job>&)>;

  explicit JobWaiters(const base::Clock& clock);
  // Calls whoever still waits, with nothing.
  ~JobWaiters();
  JobWaiters(const JobWaiters&) = delete;
  JobWaiters& operator=(const JobWaiters&) = delete;

  void wait(const std::string& job_id, base::SteadyTime deadline, Callback callback);
  void job_ended(const model::Job& job);
  // Calls everyone who waits, with nothing: the service is about to stop.
  void release_all();

 private:
  void run(const std::stop_token& stop);

  struct Waiter {
    base::SteadyTime deadline;
    Callback callback;
  };
  const base::Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<std::string, Waiter> waiters_;  // by job id
  std::uint64_t arrivals_ = 0;
  std::jthread thread_;  // for the deadlines
};

}  // namespace testgen::service
