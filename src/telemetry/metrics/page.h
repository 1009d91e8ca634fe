// The text of a page while it grows. Appends are a copy and no more: room is checked once for
// each line. Not thread-safe.
#pragma once

#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

namespace testgen::telemetry {

class Page {
 public:
  explicit Page(std::size_t expected_bytes) { text_.resize(expected_bytes); }

  // From here on at least this many bytes can be appended.
  void ensure(std::size_t bytes) {
    if (text_.size() - used_ < bytes) text_.resize(2 * text_.size() + bytes);
  }
  void add(std::string_view text) {
    std::memcpy(text_.data() + used_, text.data(), text.size());
    used_ += text.size();
  }
  void add(char c) { text_[used_++] = c; }
  void add(std::uint64_t number) {
    char* const at = text_.data() + used_;
    used_ += static_cast<std::size_t>(std::to_chars(at, at + kNumberBytes, number).ptr - at);
  }
  [[nodiscard]] std::string take() {
    text_.resize(used_);
    return std::move(text_);
  }

  // Room that any number or exemplar takes at most.
  static constexpr std::size_t kNumberBytes = 32;

 private:
  std::string text_;
  std::size_t used_ = 0;
};

}  // namespace testgen::telemetry
