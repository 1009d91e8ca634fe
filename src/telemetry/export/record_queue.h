// Log records that wait to be sent, already written down as they will stand in a request: one after
// another in the memory of the batch that they will leave in, so that a record costs no memory of
// its own and a batch is taken by moving it. Not thread-safe: the batcher locks.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "telemetry/export/batcher.h"

namespace testgen::telemetry {

struct EncodedRecords {
  std::string bytes;
  std::size_t count = 0;
  [[nodiscard]] std::size_t size() const { return count; }
};

class RecordQueue {
 public:
  using Item = std::string_view;  // with whatever separates it from the others
  using Batch = EncodedRecords;

  explicit RecordQueue(const BatchOptions& options) : most_(options.batch) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  void push(Item record) {
    if (batches_.empty() || batches_.back().count == most_) {
      batches_.emplace_back().bytes.reserve(usual_bytes_);
    }
    Batch& last = batches_.back();
    last.bytes += record;
    ++last.count;
    ++size_;
  }
  // The oldest, as many as a batch may hold; nothing when there is none.
  [[nodiscard]] Batch take() {
    if (batches_.empty()) return {};
    Batch first = std::move(batches_.front());
    batches_.pop_front();
    size_ -= first.count;
    // A full batch tells what the next will need; a small one says nothing.
    if (first.count == most_) usual_bytes_ = first.bytes.size() + first.bytes.size() / 16;
    return first;
  }

 private:
  const std::size_t most_;
  std::deque<Batch> batches_;  // all but the last are full
  std::size_t size_ = 0;
  std::size_t usual_bytes_ = 0;
};

}  // namespace testgen::telemetry
