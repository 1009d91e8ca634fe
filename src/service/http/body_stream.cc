#include "service/http/body_stream.h"

namespace testgen::service {

bool BodyStream::write(std::string_view text) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    if (abandoned_ || closed_) return false;
    if (waiting_.size() + text.size() > kMaxWaitingBytes) {
      closed_ = true;  // too slow: what it has not read by now it reads, and then the end
    } else {
      waiting_ += text;
    }
    wake = wake_;
  }
  if (wake) wake();
  return true;
}

void BodyStream::close() {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake = wake_;
  }
  if (wake) wake();
}

void BodyStream::on_change(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

BodyStream::Chunk BodyStream::take() {
  const std::lock_guard lock(mutex_);
  Chunk chunk{std::move(waiting_), closed_};
  waiting_.clear();
  return chunk;
}

void BodyStream::abandon() {
  std::function<void()> released;
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  released.swap(wake_);
}

}  // namespace testgen::service
