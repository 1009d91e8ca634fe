#include "telemetry/tracing/span.h"

#include "telemetry/tracing/tracer.h"

namespace testgen::telemetry {

Span& Span::operator=(Span&& other) noexcept {
  if (this != &other) {
    end();
    tracer_ = other.tracer_;
    record_ = std::exchange(other.record_, nullptr);
    context_ = other.context_;
    begun_ns_ = other.begun_ns_;
  }
  return *this;
}

void Span::add_event(std::string_view name, std::initializer_list<Field> attributes) {
  if (record_ == nullptr) return;
  const std::int64_t since_start = tracer_->steady_ns() - begun_ns_;
  record_->add_event(name, record_->start_ns + since_start, attributes);
}

void Span::record_exception(std::string_view type, std::string_view message) {
  add_event("exception", {{"exception.type", type}, {"exception.message", message}});
  fail(message);
}

void Span::fail(std::string_view message) {
  if (record_ != nullptr) record_->set_status(SpanStatus::Error, message);
}

void Span::succeed() {
  if (record_ != nullptr) record_->set_status(SpanStatus::Ok);
}

void Span::rename(std::string_view name) {
  if (record_ != nullptr) record_->set_name(name);
}

void Span::finish() {
  tracer_->finish(std::exchange(record_, nullptr), begun_ns_);
}

}  // namespace testgen::telemetry
