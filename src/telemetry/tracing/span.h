// A scoped span: it starts when made, ends when destroyed, and is then handed to the tracer's
// ring and exporter. A default-made Span, or one from a tracer that is switched off, does
// nothing. One span belongs to one thread at a time; context() may be copied anywhere.
#pragma once

#include <string_view>
#include <utility>

#include "telemetry/tracing/span_record.h"
#include "telemetry/value.h"

namespace testgen::telemetry {

class Tracer;

class Span {
 public:
  Span() = default;
  Span(Span&& other) noexcept
      : tracer_(other.tracer_),
        record_(std::exchange(other.record_, nullptr)),
        context_(other.context_),
        begun_ns_(other.begun_ns_) {}
  Span& operator=(Span&& other) noexcept;
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;
  ~Span() { end(); }

  // Sets or replaces an attribute. Past the limit they are dropped and counted in the span.
  void set(StaticText key, const Value& value) {
    if (record_ != nullptr) record_->set(key, value);
  }
  void set_list(StaticText key, std::span<const std::string> texts) {
    if (record_ != nullptr) record_->set_list(key, texts);
  }
  void add_event(std::string_view name, std::initializer_list<Field> attributes = {});
  // An `exception` event as the OpenTelemetry conventions name it; the status becomes error.
  void record_exception(std::string_view type, std::string_view message);
  void fail(std::string_view message);  // status error
  void succeed();                       // status ok; stays unset otherwise
  void rename(std::string_view name);   // e.g. once the route is known

  // What children and outgoing headers carry. Valid even when nothing is recorded.
  [[nodiscard]] const SpanContext& context() const { return context_; }
  [[nodiscard]] bool recording() const { return record_ != nullptr; }
  // Ends now instead of at destruction; later calls do nothing.
  void end() {
    if (record_ != nullptr) finish();
  }

 private:
  friend class Tracer;
  explicit Span(const SpanContext& context) : context_(context) {}
  void finish();
  Tracer* tracer_ = nullptr;
  SpanRecord* record_ = nullptr;  // null: nothing is recorded
  SpanContext context_;
  std::int64_t begun_ns_ = 0;  // on the steady clock
};

}  // namespace testgen::telemetry
