#include "telemetry/tracing/span_record.h"

#include <algorithm>
#include <cstring>

#include "telemetry/tracing/span_pool.h"

namespace testgen::telemetry {
namespace {

// At most so many bytes, cut between characters.
std::string_view bounded(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace

std::string_view SpanRecord::keep(std::string_view whole, std::size_t most) {
  const std::string_view text = bounded(whole, most);
  if (text.empty()) return {};
  if (text.size() > kInlineText - text_used_) return keep_on_heap(text);
  char* at = inline_text_.data() + text_used_;
  std::memcpy(at, text.data(), text.size());
  text_used_ = static_cast<std::uint16_t>(text_used_ + text.size());
  return {at, text.size()};
}

std::string_view SpanRecord::keep_on_heap(std::string_view text) {
  auto copy = std::make_unique<char[]>(text.size());
  std::memcpy(copy.get(), text.data(), text.size());
  const std::string_view kept(copy.get(), text.size());
  overflow().texts.push_back(std::move(copy));
  heap_bytes_ += text.size() + sizeof(std::unique_ptr<char[]>);
  return kept;
}

SpanRecord::Overflow& SpanRecord::overflow() {
  if (!overflow_) {
    overflow_ = std::make_unique<Overflow>();
    heap_bytes_ += sizeof(Overflow);
  }
  return *overflow_;
}

Attribute SpanRecord::attribute(std::string_view key, const Value& value) {
  return std::visit(
      [&](const auto& held) -> Attribute {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::string_view>) {
          return {key, keep(held, limits_->text_bytes)};
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
          return {key, static_cast<std::int64_t>(held)};  // OTLP has no unsigned values
        } else {
          return {key, held};
        }
      },
      value.data());
}

Attribute* SpanRecord::find(std::string_view key) {
  Attribute* first = overflow_ && !overflow_->attributes.empty() ? overflow_->attributes.data()
                                                                 : inline_attributes_.data();
  Attribute* last = first + attribute_count_;
  // Most keys are the same literal each time: the pointer decides before the text is compared.
  Attribute* found =
      std::find_if(first, last, [&](const Attribute& each) { return each.key() == key; });
  return found == last ? nullptr : found;
}

// `make` copies the value, and is not called for one that finds no room.
template <class Make>
void SpanRecord::put(StaticText key, const Make& make) {
  if (Attribute* found = find(key.view())) {
    *found = make();
    return;
  }
  if (attribute_count_ >= limits_->attributes) {
    ++dropped_attributes;
    return;
  }
  const Attribute made = make();
  if (attribute_count_ < kInlineAttributes) {
    inline_attributes_[attribute_count_] = made;
  } else {
    // All of them move, so that they stay neighbours.
    auto& attributes = overflow().attributes;
    if (attributes.empty()) {
      attributes.assign(inline_attributes_.begin(), inline_attributes_.end());
    }
    attributes.push_back(made);
    heap_bytes_ += sizeof(Attribute);
  }
  ++attribute_count_;
}

void SpanRecord::set(StaticText key, const Value& value) {
  put(key, [&] { return attribute(key.view(), value); });
}

void SpanRecord::set_list(StaticText key, std::span<const std::string> texts) {
  put(key, [&] {
    std::string joined;
    for (const std::string& text : texts) {
      joined += text;
      joined += '\0';
    }
    return Attribute(key.view(), TextList{keep(joined, limits_->text_bytes)});
  });
}

std::span<const Attribute> SpanRecord::attributes() const {
  if (overflow_ && !overflow_->attributes.empty()) return overflow_->attributes;
  return {inline_attributes_.data(), attribute_count_};
}

void SpanRecord::set_status(SpanStatus status, std::string_view message) {
  status_ = status;
  status_message_ = keep(message);
}

void SpanRecord::add_event(std::string_view name, std::int64_t time_ns,
                           std::initializer_list<Field> fields) {
  if (events().size() >= limits_->events) {
    ++dropped_events;
    return;
  }
  SpanEvent event{std::string(bounded(name, kMaxNameBytes)), time_ns, {}};
  for (const Field& field : fields) {
    if (event.attributes.size() == limits_->event_attributes) break;
    event.attributes.push_back(attribute(keep(field.key), field.value));
  }
  heap_bytes_ +=
      sizeof(SpanEvent) + event.name.size() + event.attributes.size() * sizeof(Attribute);
  overflow().events.push_back(std::move(event));
}

std::span<const SpanEvent> SpanRecord::events() const {
  if (!overflow_) return {};
  return overflow_->events;
}

void SpanRecord::reset() {
  context.trace_id = {};
  context.span_id = {};
  context.flags = 0;
  context.carried.reset();
  parent = {};
  start_ns = 0;
  end_ns = 0;
  kind = SpanKind::Internal;
  dropped_attributes = 0;
  dropped_events = 0;
  parent_is_remote = false;
  status_ = SpanStatus::Unset;
  exported_.store(false, std::memory_order_relaxed);
  text_used_ = 0;
  attribute_count_ = 0;
  name_ = {};
  status_message_ = {};
  if (overflow_) overflow_.reset();
  limits_ = &kUsualSpanLimits;
  heap_bytes_ = 0;
}

void FinishedSpan::release(SpanRecord* record) {
  // With one owner left nobody else can come to own it, so the cheap path is safe.
  if (record->owners_.load(std::memory_order_acquire) != 1 &&
      record->owners_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    return;
  }
  SpanPool::give(record);
}

}  // namespace testgen::telemetry
