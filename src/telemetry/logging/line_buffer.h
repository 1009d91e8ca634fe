// The memory a log line is put together in: kept between lines, so that a line costs no
// allocation once it has grown. Callers say how much they will write and then write it.
// Belongs to one thread.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace testgen::telemetry {

class LineBuffer {
 public:
  void clear() { used_ = 0; }
  [[nodiscard]] std::string_view text() const { return {bytes_.get(), used_}; }

  // Room for `size` bytes, to be written from there and then committed.
  [[nodiscard]] char* room(std::size_t size) {
    if (capacity_ - used_ < size) grow(size);
    return bytes_.get() + used_;
  }
  void commit(std::size_t size) { used_ += size; }

  void append(std::string_view text) {
    std::memcpy(room(text.size()), text.data(), text.size());
    used_ += text.size();
  }
  void append(char c) {
    *room(1) = c;
    ++used_;
  }
  template <class Number>
  void append_number(Number value) {
    constexpr std::size_t kLongest = 32;  // of any 64-bit number, shortest form
    char* at = room(kLongest);
    used_ += static_cast<std::size_t>(std::to_chars(at, at + kLongest, value).ptr - at);
  }

 private:
  void grow(std::size_t size) {
    const std::size_t wanted = std::max<std::size_t>(2 * capacity_, used_ + size + 1024);
    std::unique_ptr<char[]> larger(new char[wanted]);
    if (used_ > 0) std::memcpy(larger.get(), bytes_.get(), used_);
    bytes_ = std::move(larger);
    capacity_ = wanted;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
};

}  // namespace testgen::telemetry
