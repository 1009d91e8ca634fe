// The handles that instrumented code holds. They are small values, cheap to copy, and valid as
// long as the registry. Counting takes no lock and allocates nothing. Thread-safe.
#pragma once

#include <charconv>
#include <concepts>

#include "telemetry/metrics/family.h"

namespace testgen::telemetry {

class Counter {
 public:
  Counter(Family& family, Series& series) : family_(&family), series_(&series) {}
  void add(std::uint64_t amount = 1) const { family_->cells().add(series_->cell, amount); }
  // Also keeps the trace as an exemplar, when it is sampled.
  void add(std::uint64_t amount, const SpanContext& exemplar) const;
  [[nodiscard]] std::uint64_t value() const;  // sums all threads

 private:
  Family* family_;
  Series* series_;
};

class ObservedCounter {
 public:
  ObservedCounter(Family&, Series& series) : series_(&series) {}
  void set(double total) const { series_->value.store(total, std::memory_order_relaxed); }
  // For sums of fractions that the program itself makes, such as dollars.
  void add(double amount) const { series_->value.fetch_add(amount, std::memory_order_relaxed); }
  [[nodiscard]] double value() const { return series_->value.load(std::memory_order_relaxed); }

 private:
  Series* series_;
};

class Gauge {
 public:
  Gauge(Family&, Series& series) : series_(&series) {}
  void set(double value) const { series_->value.store(value, std::memory_order_relaxed); }
  void add(double amount) const { series_->value.fetch_add(amount, std::memory_order_relaxed); }
  [[nodiscard]] double value() const { return series_->value.load(std::memory_order_relaxed); }

 private:
  Series* series_;
};

class Histogram {
 public:
  Histogram(Family& family, Series& series) : family_(&family), series_(&series) {}
  void observe(double value) const { (void)record(value); }
  // Also keeps the trace as the bucket's exemplar, when it is sampled.
  void observe(double value, const SpanContext& exemplar) const;
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] double sum() const;

 private:
  // NaN is not an observation; the bucket's index, or nothing.
  std::optional<std::uint32_t> record(double value) const;
  Family* family_;
  Series* series_;
};

// A label's value as instrumented code has it: a text or a number such as an HTTP status.
class LabelText {
 public:
  // NOLINTBEGIN(google-explicit-constructor)
  LabelText(std::string_view text) : text_(text) {}
  LabelText(const std::string& text) : text_(text) {}
  LabelText(const char* text) : text_(text) {}
  template <std::integral T>
  LabelText(T number) {
    const auto end = std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr;
    length_ = static_cast<std::size_t>(end - digits_.data());
  }
  // NOLINTEND(google-explicit-constructor)
  [[nodiscard]] std::string_view view() const {
    return length_ > 0 ? std::string_view(digits_.data(), length_) : text_;
  }

 private:
  std::string_view text_;
  std::array<char, 24> digits_{};
  std::size_t length_ = 0;
};

// A metric with N labels, given by value in the catalogue's order.
template <class Instrument, std::size_t N>
class LabelledFamily {
 public:
  explicit LabelledFamily(Family& family) : family_(&family) {}
  template <class... Labels>
  requires(sizeof...(Labels) == N) [[nodiscard]] Instrument with(const Labels&... labels) const {
    const std::array<LabelText, N> texts{LabelText(labels)...};
    std::array<std::string_view, N> values;
    for (std::size_t i = 0; i < N; ++i) values[i] = texts[i].view();
    return Instrument(*family_, family_->series(values));
  }

 private:
  Family* family_;
};

template <std::size_t N>
using CounterFamily = LabelledFamily<Counter, N>;
template <std::size_t N>
using ObservedCounterFamily = LabelledFamily<ObservedCounter, N>;
template <std::size_t N>
using GaugeFamily = LabelledFamily<Gauge, N>;
template <std::size_t N>
using HistogramFamily = LabelledFamily<Histogram, N>;

}  // namespace testgen::telemetry
