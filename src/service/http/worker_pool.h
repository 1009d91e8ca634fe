// A fixed number of threads for endpoints that may touch the disk, with a bounded queue before
// them: past the bound a request is refused at once instead of waiting unseen. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace testgen::service {

class WorkerPool {
 public:
  using Task = std::function<void()>;  // must not throw

  WorkerPool(unsigned threads, std::size_t max_waiting);
  // Runs what was taken, then ends.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when too many wait already.
  [[nodiscard]] bool post(Task task);

 private:
  void run();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  bool closing_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace testgen::service
