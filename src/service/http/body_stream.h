// A response body that is made while it is sent, such as a stream of events. One side writes and
// closes, from any thread; the server takes and sends. Neither waits for the other: a client that
// reads too slowly is cut off, and a writer learns from write() that nobody reads any more.
#pragma once

#include <functional>
#include <mutex>
#include <string>

namespace testgen::service {

class BodyStream {
 public:
  // What is sent when nothing was written for a while, so that a dead client is noticed.
  explicit BodyStream(std::string sign_of_life) : sign_of_life_(std::move(sign_of_life)) {}

  // The writer's side. False: the reader is gone.
  bool write(std::string_view text);
  void close();

  // The reader's side. `wake` is called on the writer's thread after each write and close.
  void on_change(std::function<void()> wake);
  struct Chunk {
    std::string text;
    bool last = false;  // nothing comes after it
  };
  [[nodiscard]] Chunk take();
  void abandon();
  [[nodiscard]] const std::string& sign_of_life() const { return sign_of_life_; }

  static constexpr std::size_t kMaxWaitingBytes = 1U << 20U;

 private:
  const std::string sign_of_life_;
  std::mutex mutex_;
  std::string waiting_;
  bool closed_ = false;
  bool abandoned_ = false;
  std::function<void()> wake_;
};

}  // namespace testgen::service
