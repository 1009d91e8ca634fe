// What a span is in memory: one block of a fixed size that holds ten attributes and a little
// text without any allocation; what does not fit goes to the heap. Blocks come from a pool
// (span_pool.h), and once finished are immutable and shared, by count, between the ring and the
// exporter. Times are nanoseconds since the Unix epoch.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "telemetry/tracing/attribute.h"
#include "telemetry/tracing/span_context.h"
#include "telemetry/value.h"

namespace testgen::telemetry {

// What one span may hold; what is more is dropped and counted in the span, texts are cut. The
// counts are OpenTelemetry's defaults; its texts have no limit, but most receivers have this one.
struct SpanLimits {
  std::size_t attributes = 128;
  std::size_t events = 128;
  std::size_t event_attributes = 128;
  std::size_t text_bytes = 4095;  // of an attribute's value; at most 65 535
};
inline constexpr SpanLimits kUsualSpanLimits;

enum class SpanKind : std::uint8_t {
  Internal = 1,
  Server = 2,
  Client = 3,
  Producer = 4,
  Consumer = 5
};
enum class SpanStatus : std::uint8_t { Unset = 0, Ok = 1, Error = 2 };  // OTLP's numbers

struct SpanEvent {
  std::string name;
  std::int64_t time_ns = 0;
  std::vector<Attribute> attributes;  // keys and texts lie in the record
};

class SpanRecord {
 public:
  SpanContext context;
  SpanId parent;  // invalid for a root
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  bool parent_is_remote = false;
  SpanKind kind = SpanKind::Internal;

  void set_name(std::string_view name) { name_ = keep(name); }
  [[nodiscard]] std::string_view name() const { return name_; }
  void set_status(SpanStatus status, std::string_view message = {});
  [[nodiscard]] SpanStatus status() const { return status_; }
  [[nodiscard]] std::string_view status_message() const { return status_message_; }

  // Borrowed for as long as the span is written to.
  void set_limits(const SpanLimits& limits) { limits_ = &limits; }
  // Sets or replaces. Past the limit they are dropped and counted.
  void set(StaticText key, const Value& value);
  void set_list(StaticText key, std::span<const std::string> texts);
  [[nodiscard]] std::span<const Attribute> attributes() const;
  void add_event(std::string_view name, std::int64_t time_ns, std::initializer_list<Field> fields);
  [[nodiscard]] std::span<const SpanEvent> events() const;

  // Bytes beyond sizeof(SpanRecord).
  [[nodiscard]] std::size_t heap_bytes() const { return heap_bytes_; }
  [[nodiscard]] std::size_t memory_bytes() const { return sizeof(SpanRecord) + heap_bytes_; }
  // True for the first caller only: a span leaves the process at most once.
  [[nodiscard]] bool claim_export() const {
    return !exported_.exchange(true, std::memory_order_relaxed);
  }

  // The pool's: back to how it was made.
  void reset();

 private:
  friend class FinishedSpan;
  friend class SpanPool;
  static constexpr std::size_t kInlineAttributes = 10;
  static constexpr std::size_t kInlineText = 192;
  static constexpr std::size_t kMaxNameBytes = 4095;  // of the span, its events, its message
  struct Overflow {
    std::vector<Attribute> attributes;
    std::vector<SpanEvent> events;
    std::vector<std::unique_ptr<char[]>> texts;
  };

  // A bounded copy that lives as long as the record.
  [[nodiscard]] std::string_view keep(std::string_view whole, std::size_t most = kMaxNameBytes);
  [[nodiscard]] std::string_view keep_on_heap(std::string_view text);
  [[nodiscard]] Attribute attribute(std::string_view key, const Value& value);
  template <class Make>
  void put(StaticText key, const Make& make);
  Attribute* find(std::string_view key);
  Overflow& overflow();

  SpanStatus status_ = SpanStatus::Unset;
  mutable std::atomic<bool> exported_{false};
  std::uint16_t text_used_ = 0;
  std::uint16_t attribute_count_ = 0;  // all of them, wherever they are
  std::atomic<std::uint32_t> owners_{0};
  std::string_view name_;
  std::string_view status_message_;
  std::unique_ptr<Overflow> overflow_;
  const SpanLimits* limits_ = &kUsualSpanLimits;
  std::size_t heap_bytes_ = 0;
  SpanRecord* next_free_ = nullptr;
  std::array<Attribute, kInlineAttributes> inline_attributes_;
  std::array<char, kInlineText> inline_text_;
};

// Published in docs/benchmarks.md.
static_assert(sizeof(SpanRecord) <= 592, "a span in memory has grown");

// A shared, read-only hold on a finished span; the block returns to the pool with the last one.
// Copies may be used on any thread.
class FinishedSpan {
 public:
  FinishedSpan() = default;
  // Takes over one count; see adopt().
  FinishedSpan(const FinishedSpan& other) : record_(other.record_) { acquire(); }
  FinishedSpan(FinishedSpan&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
  FinishedSpan& operator=(FinishedSpan other) noexcept {
    std::swap(record_, other.record_);
    return *this;
  }
  ~FinishedSpan() {
    if (record_ != nullptr) release(record_);
  }

  // The first hold on a record just finished.
  [[nodiscard]] static FinishedSpan first(SpanRecord* record) {
    record->owners_.store(1, std::memory_order_relaxed);
    return FinishedSpan(record);
  }

  const SpanRecord& operator*() const { return *record_; }
  const SpanRecord* operator->() const { return record_; }
  explicit operator bool() const { return record_ != nullptr; }

 private:
  friend class SpanRing;
  explicit FinishedSpan(SpanRecord* record) : record_(record) {}
  void acquire() const {
    if (record_ != nullptr) record_->owners_.fetch_add(1, std::memory_order_relaxed);
  }
  static void release(SpanRecord* record);
  // For the ring, which keeps the count in a slot of its own.
  [[nodiscard]] SpanRecord* detach() { return std::exchange(record_, nullptr); }

  SpanRecord* record_ = nullptr;
};

}  // namespace testgen::telemetry
