// What a finished span is: plain data, immutable once ended, shared by the ring and the
// exporter. Times are nanoseconds since the Unix epoch. Limits are OpenTelemetry's defaults.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {

inline constexpr std::size_t kMaxAttributes = 128;
inline constexpr std::size_t kMaxEvents = 128;
inline constexpr std::size_t kMaxAttributeBytes = 4095;

enum class SpanKind : std::uint8_t {
  Internal = 1,
  Server = 2,
  Client = 3,
  Producer = 4,
  Consumer = 5
};
enum class SpanStatus : std::uint8_t { Unset = 0, Ok = 1, Error = 2 };  // OTLP's numbers

using AttributeValue = std::variant<bool, std::int64_t, double, std::string>;

struct Attribute {
  std::string key;
  AttributeValue value;
};

struct SpanEvent {
  std::string name;
  std::int64_t time_ns = 0;
  std::vector<Attribute> attributes;
};

struct SpanRecord {
  SpanContext context;
  SpanId parent;  // invalid for a root
  bool parent_is_remote = false;
  std::string name;
  SpanKind kind = SpanKind::Internal;
  SpanStatus status = SpanStatus::Unset;
  std::string status_message;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::vector<Attribute> attributes;
  std::vector<SpanEvent> events;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;

  [[nodiscard]] std::size_t memory_bytes() const;
};

using FinishedSpan = std::shared_ptr<const SpanRecord>;

}  // namespace testgen::telemetry
