// The part of a span that travels: W3C trace context as a value type. Copy it freely between
// threads, into a queue, into an HTTP header (trace_context.h). All-zero ids mean "no trace".
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace testgen::telemetry {

struct TraceId {
  std::array<std::uint8_t, 16> bytes{};
  // Two words, because a comparison of arrays is a call.
  [[nodiscard]] bool valid() const {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), bytes.data(), sizeof words);
    return (words[0] | words[1]) != 0;
  }
  [[nodiscard]] std::string hex() const;  // 32 lower-case digits
  [[nodiscard]] static std::optional<TraceId> from_hex(std::string_view text);
  bool operator==(const TraceId&) const = default;
};

struct SpanId {
  std::array<std::uint8_t, 8> bytes{};
  [[nodiscard]] bool valid() const {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    return word != 0;
  }
  [[nodiscard]] std::string hex() const;  // 16 lower-case digits
  [[nodiscard]] static std::optional<SpanId> from_hex(std::string_view text);
  bool operator==(const SpanId&) const = default;
};

inline constexpr std::uint8_t kFlagSampled = 0x01;
inline constexpr std::uint8_t kFlagRandom = 0x02;  // trace-context level 2: the id is random

// What a caller hands on beside the ids, as the headers of the same names have it. The program
// reads neither; it passes them on.
struct Carried {
  std::string tracestate;
  std::string baggage;
  bool operator==(const Carried&) const = default;
};

struct SpanContext {
  TraceId trace_id;
  SpanId span_id;
  std::uint8_t flags = 0;
  std::shared_ptr<const Carried> carried;  // shared by every span of the trace; null: nothing

  [[nodiscard]] std::string_view tracestate() const {
    return carried ? std::string_view(carried->tracestate) : std::string_view();
  }
  [[nodiscard]] std::string_view baggage() const {
    return carried ? std::string_view(carried->baggage) : std::string_view();
  }
  [[nodiscard]] bool valid() const { return trace_id.valid() && span_id.valid(); }
  [[nodiscard]] bool sampled() const { return (flags & kFlagSampled) != 0; }
};

// Writes exactly 2 * size digits to `out`.
void write_hex(const std::uint8_t* bytes, std::size_t size, char* out);

}  // namespace testgen::telemetry
