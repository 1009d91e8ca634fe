// Numbers and texts as bytes and back: seven bits of a number to a byte, a text behind its length.
// A reader of what was not written so says that it is wrong, and never reads past the end. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace testgen::scan {

class ByteWriter {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) out_ += static_cast<char>(value | 0x80U);
    out_ += static_cast<char>(value);
  }
  void text(std::string_view text) {
    number(text.size());
    out_ += text;
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      out |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return out;
    }
    wrong_ = true;
    return 0;
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      wrong_ = true;
      return {};
    }
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  // A count of things of at least one byte each.
  std::uint64_t count() {
    const std::uint64_t out = number();
    if (out <= rest_.size()) return out;
    wrong_ = true;
    return 0;
  }
  [[nodiscard]] bool wrong() const { return wrong_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool wrong_ = false;
};

}  // namespace testgen::scan
