// The wire format of protobuf, as far as OTLP needs it. Fields with default values are left out
// by the caller, as proto3 does. Pure.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "telemetry/logging/line_buffer.h"

namespace testgen::telemetry {

// Kept and cleared, it writes one message after another without new memory.
class ProtoWriter {
 public:
  void varint(std::uint32_t field, std::uint64_t value) {
    char* const begin = out_.room(2 * kMaxVarint);
    char* const at = put_varint(put_tag(begin, field, 0), value);
    out_.commit(static_cast<std::size_t>(at - begin));
  }
  void fixed64(std::uint32_t field, std::uint64_t value) { fixed(field, 1, value, 8); }
  void fixed32(std::uint32_t field, std::uint32_t value) { fixed(field, 5, value, 4); }
  void sint32(std::uint32_t field, std::int32_t value) {
    varint(field,
           static_cast<std::uint32_t>(value) << 1U ^ static_cast<std::uint32_t>(value >> 31));
  }
  // Repeated numbers, packed.
  void packed_fixed64(std::uint32_t field, std::span<const std::uint64_t> values) {
    begin_message(field, values.size() * 8);
    for (const std::uint64_t value : values) raw_fixed(value, 8);
  }
  void packed_varint(std::uint32_t field, std::span<const std::uint64_t> values) {
    ProtoWriter packed;
    for (const std::uint64_t value : values) packed.raw_varint(value);
    message(field, packed);
  }
  void packed_real(std::uint32_t field, std::span<const double> values) {
    begin_message(field, values.size() * 8);
    for (const double value : values) raw_fixed(std::bit_cast<std::uint64_t>(value), 8);
  }
  void real(std::uint32_t field, double value) {
    fixed64(field, std::bit_cast<std::uint64_t>(value));
  }
  void bytes(std::uint32_t field, std::string_view value) {
    char* const begin = out_.room(2 * kMaxVarint + value.size());
    char* const at = put_varint(put_tag(begin, field, 2), value.size());
    std::memcpy(at, value.data(), value.size());
    out_.commit(static_cast<std::size_t>(at - begin) + value.size());
  }
  void message(std::uint32_t field, const ProtoWriter& nested) { bytes(field, nested.view()); }
  // The head of a message whose fields follow and take exactly `size` bytes: saves a writer where
  // the size is known beforehand.
  void begin_message(std::uint32_t field, std::size_t size) {
    char* const begin = out_.room(2 * kMaxVarint);
    char* const at = put_varint(put_tag(begin, field, 2), size);
    out_.commit(static_cast<std::size_t>(at - begin));
  }
  static constexpr std::size_t varint_size(std::uint64_t value) {
    return (static_cast<std::size_t>(std::bit_width(value | 1U)) + 6) / 7;
  }
  // Of a field with a number below 16 that holds `size` bytes.
  static constexpr std::size_t bytes_size(std::size_t size) { return 1 + varint_size(size) + size; }

  void append(std::string_view fields) { out_.append(fields); }  // encoded already

  void reserve(std::size_t size) { (void)out_.room(size); }

  [[nodiscard]] std::string_view view() const { return out_.text(); }  // until the next call
  void clear() { out_.clear(); }
  [[nodiscard]] std::string take() {
    std::string all(view());
    clear();
    return all;
  }

 private:
  static constexpr std::size_t kMaxVarint = 10;
  static char* put_varint(char* at, std::uint64_t value) {
    while (value >= 0x80) {
      *at++ = static_cast<char>(value | 0x80U);
      value >>= 7U;
    }
    *at++ = static_cast<char>(value);
    return at;
  }
  static char* put_tag(char* at, std::uint32_t field, std::uint32_t wire) {
    return put_varint(at, field << 3U | wire);
  }
  static char* put_fixed(char* at, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) *at++ = static_cast<char>(value >> (8 * i));  // little-endian
    return at;
  }
  void fixed(std::uint32_t field, std::uint32_t wire, std::uint64_t value, int size) {
    char* const begin = out_.room(2 * kMaxVarint);
    char* const at = put_fixed(put_tag(begin, field, wire), value, size);
    out_.commit(static_cast<std::size_t>(at - begin));
  }
  void raw_varint(std::uint64_t value) {
    char* const begin = out_.room(kMaxVarint);
    out_.commit(static_cast<std::size_t>(put_varint(begin, value) - begin));
  }
  void raw_fixed(std::uint64_t value, int size) {
    (void)put_fixed(out_.room(8), value, size);
    out_.commit(static_cast<std::size_t>(size));
  }
  LineBuffer out_;
};

// Reads one message's fields in turn; nothing at the end or at the first malformed one.
class ProtoReader {
 public:
  struct Field {
    std::uint32_t number = 0;
    std::uint64_t value = 0;  // varint and fixed fields
    std::string_view bytes;   // length-delimited fields, borrowed; data() is null for others
  };
  explicit ProtoReader(std::string_view data) : data_(data) {}

  std::optional<Field> next() {
    const auto tag = varint();
    if (!tag || *tag >> 3U == 0 || *tag > UINT32_MAX) return std::nullopt;
    Field field{static_cast<std::uint32_t>(*tag >> 3U), 0, {}};
    switch (*tag & 7U) {
      case 0: {
        const auto value = varint();
        if (!value) return std::nullopt;
        field.value = *value;
        return field;
      }
      case 1:
        return fixed(field, 8);
      case 2: {
        const auto size = varint();
        if (!size || *size > data_.size()) return std::nullopt;
        field.bytes = data_.substr(0, *size);
        data_.remove_prefix(*size);
        return field;
      }
      case 5:
        return fixed(field, 4);
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !data_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(data_.front());
      data_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    return std::nullopt;
  }
  std::optional<Field> fixed(Field field, std::size_t size) {
    if (data_.size() < size) return std::nullopt;
    for (std::size_t i = 0; i < size; ++i) {
      field.value |= static_cast<std::uint64_t>(static_cast<unsigned char>(data_[i])) << (8 * i);
    }
    data_.remove_prefix(size);
    return field;
  }
  std::string_view data_;
};

}  // namespace testgen::telemetry
