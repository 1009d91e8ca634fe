#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;  // upper case is not allowed in a traceparent
}

template <std::size_t N>
bool read_hex(std::string_view text, std::array<std::uint8_t, N>& bytes) {
  if (text.size() != 2 * N) return false;
  for (std::size_t i = 0; i < N; ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

template <std::size_t N>
std::string to_hex(const std::array<std::uint8_t, N>& bytes) {
  std::string text(2 * N, '0');
  write_hex(bytes.data(), N, text.data());
  return text;
}

}  // namespace

void write_hex(const std::uint8_t* bytes, std::size_t size, char* out) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < size; ++i) {
    out[2 * i] = kDigits[bytes[i] >> 4U];
    out[2 * i + 1] = kDigits[bytes[i] & 15U];
  }
}

std::string TraceId::hex() const {
  return to_hex(bytes);
}
std::string SpanId::hex() const {
  return to_hex(bytes);
}

std::optional<TraceId> TraceId::from_hex(std::string_view text) {
  TraceId id;
  if (!read_hex(text, id.bytes)) return std::nullopt;
  return id;
}

std::optional<SpanId> SpanId::from_hex(std::string_view text) {
  SpanId id;
  if (!read_hex(text, id.bytes)) return std::nullopt;
  return id;
}

}  // namespace testgen::telemetry
