#include "telemetry/tracing/span.h"

#include <algorithm>
#include <type_traits>

#include "base/strings.h"
#include "telemetry/tracing/tracer.h"

namespace testgen::telemetry {
namespace {

// At most kMaxAttributeBytes, cut between characters.
std::string bounded(std::string_view text) {
  if (text.size() > kMaxAttributeBytes) {
    std::size_t end = kMaxAttributeBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end);
  }
  return std::string(text);
}

AttributeValue own(const Value& value) {
  return std::visit(
      [](const auto& held) -> AttributeValue {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::string_view>) {
          return bounded(held);
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
          return static_cast<std::int64_t>(held);  // OTLP has no unsigned values
        } else {
          return held;
        }
      },
      value.data());
}

std::size_t text_bytes(const std::vector<Attribute>& attributes) {
  std::size_t bytes = attributes.capacity() * sizeof(Attribute);
  for (const Attribute& attribute : attributes) {
    bytes += attribute.key.capacity();
    if (const auto* text = std::get_if<std::string>(&attribute.value)) bytes += text->capacity();
  }
  return bytes;
}

}  // namespace

std::size_t SpanRecord::memory_bytes() const {
  std::size_t bytes = sizeof(SpanRecord) + name.capacity() + status_message.capacity() +
                      context.tracestate.capacity() + text_bytes(attributes) +
                      events.capacity() * sizeof(SpanEvent);
  for (const SpanEvent& event : events)
    bytes += event.name.capacity() + text_bytes(event.attributes);
  return bytes;
}

Span::Span(Span&& other) noexcept
    : tracer_(other.tracer_),
      record_(std::move(other.record_)),
      context_(other.context_),
      steady_start_ns_(other.steady_start_ns_) {}

Span& Span::operator=(Span&& other) noexcept {
  if (this != &other) {
    end();
    tracer_ = other.tracer_;
    record_ = std::move(other.record_);
    context_ = other.context_;
    steady_start_ns_ = other.steady_start_ns_;
  }
  return *this;
}

void Span::set(std::string_view key, Value value) {
  if (!record_) return;
  auto& attributes = record_->attributes;
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& each) { return each.key == key; });
  if (found != attributes.end()) {
    found->value = own(value);
  } else if (attributes.size() < kMaxAttributes) {
    attributes.push_back({bounded(key), own(value)});
  } else {
    ++record_->dropped_attributes;
  }
}

void Span::add_event(std::string_view name, std::initializer_list<Field> attributes) {
  if (!record_) return;
  if (record_->events.size() >= kMaxEvents) {
    ++record_->dropped_events;
    return;
  }
  SpanEvent event{bounded(name), tracer_->wall_ns(), {}};
  for (const Field& field : attributes) {
    if (event.attributes.size() == kMaxAttributes) break;
    event.attributes.push_back({bounded(field.key), own(field.value)});
  }
  record_->events.push_back(std::move(event));
}

void Span::record_exception(std::string_view type, std::string_view message) {
  add_event("exception", {{"exception.type", type}, {"exception.message", message}});
  fail(message);
}

void Span::fail(std::string_view message) {
  if (!record_) return;
  record_->status = SpanStatus::Error;
  record_->status_message = bounded(message);
}

void Span::succeed() {
  if (!record_) return;
  record_->status = SpanStatus::Ok;
  record_->status_message.clear();
}

void Span::rename(std::string_view name) {
  if (record_) record_->name = bounded(name);
}

void Span::end() {
  if (record_) tracer_->finish(std::exchange(record_, nullptr), steady_start_ns_);
}

}  // namespace testgen::telemetry
