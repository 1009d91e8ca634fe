// A bounded queue and the thread that empties it in batches: what OpenTelemetry calls a batch
// processor. Adding never waits; what finds no room is dropped and counted. Used for spans and
// for log records, which wait in queues of their own kinds. Thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "telemetry/background_thread.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

// The defaults are OpenTelemetry's for spans.
struct BatchOptions {
  std::chrono::milliseconds delay{5'000};
  std::size_t queue = 2'048;
  std::size_t batch = 512;
};

// The otel.sdk.processor.* rows of one signal.
struct ProcessorFigures {
  Gauge queue_size;
  Gauge queue_capacity;
  CounterFamily<1> processed;  // error_type, empty when handed to the exporter
};

// A queue that holds its items one by one. Not thread-safe: the batcher locks.
template <class T>
class ItemQueue {
 public:
  using Item = T;
  using Batch = std::vector<T>;

  explicit ItemQueue(const BatchOptions& options) : most_(options.batch) {
    items_.reserve(options.queue);
  }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  void push(Item item) { items_.push_back(std::move(item)); }
  // The oldest, as many as a batch may hold.
  [[nodiscard]] Batch take() {
    const auto count = static_cast<std::ptrdiff_t>(std::min(items_.size(), most_));
    Batch batch(std::make_move_iterator(items_.begin()),
                std::make_move_iterator(items_.begin() + count));
    items_.erase(items_.begin(), items_.begin() + count);
    return batch;
  }

 private:
  const std::size_t most_;
  std::vector<T> items_;
};

template <class Queue>
class Batcher {
 public:
  using Item = typename Queue::Item;
  using Batch = typename Queue::Batch;
  // `handle` gets each batch, on the batcher's own thread. When it is told to stop, it must
  // return quickly: `abort` is called for that, from shutdown(), and later batches are dropped.
  using Handle = std::function<void(const Batch& batch)>;
  Batcher(const char* thread_name, const BatchOptions& options, const ProcessorFigures& figures,
          Handle handle, std::function<void()> abort)
      : options_(bounded(options)),
        figures_(figures),
        handle_(std::move(handle)),
        abort_(std::move(abort)),
        queue_(options_) {
    figures_.queue_capacity.set(static_cast<double>(options_.queue));
    thread_ = background_thread(thread_name, [this](const std::stop_token& stop) { run(stop); });
  }
  ~Batcher() { shutdown(std::chrono::steady_clock::now()); }
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  void add(Item item) {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      figures_.processed.with("shutdown").add();
    } else if (queue_.size() >= options_.queue) {
      figures_.processed.with("queue_full").add();
    } else {
      queue_.push(std::move(item));
      figures_.queue_size.set(static_cast<double>(queue_.size()));
      if (queue_.size() == options_.batch) wake_.notify_all();
    }
  }

  // True, and one item is counted as dropped, when there is no room: so that an item need not be
  // made only to be thrown away.
  [[nodiscard]] bool refuse_when_full() {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || queue_.size() < options_.queue) return false;
    }
    figures_.processed.with("queue_full").add();
    return true;
  }

  // Hands out what is queued and stops; whatever is left at the deadline is dropped and counted.
  void shutdown(base::SteadyTime deadline) {
    {
      std::unique_lock lock(mutex_);
      closed_ = true;
      thread_.request_stop();
      wake_.wait_until(lock, deadline, [this] { return finished_; });
      aborted_ = true;
    }
    abort_();
    if (thread_.joinable()) thread_.join();
  }

 private:
  static BatchOptions bounded(BatchOptions options) {
    options.queue = std::max<std::size_t>(options.queue, 1);
    options.batch = std::clamp<std::size_t>(options.batch, 1, options.queue);
    return options;
  }

  // A batch goes when it is full or the delay has passed; after a stop request, all that is left.
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait_for(lock, stop, options_.delay,
                     [this] { return queue_.size() >= options_.batch; });
      while (queue_.size() > 0) {
        const Batch batch = queue_.take();
        figures_.queue_size.set(static_cast<double>(queue_.size()));
        if (aborted_) {
          figures_.processed.with("shutdown").add(batch.size());
          continue;
        }
        lock.unlock();
        figures_.processed.with("").add(batch.size());
        handle_(batch);
        lock.lock();
      }
      if (stop.stop_requested() && queue_.size() == 0) break;
    }
    finished_ = true;
    wake_.notify_all();
  }

  const BatchOptions options_;
  const ProcessorFigures figures_;
  const Handle handle_;
  const std::function<void()> abort_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  Queue queue_;
  bool closed_ = false;
  bool aborted_ = false;
  bool finished_ = false;
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace testgen::telemetry
