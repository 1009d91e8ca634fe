// A value somebody else owns, on its way into a span attribute or a log field. It lives for one
// call: strings are borrowed, nothing is allocated.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace testgen::telemetry {

class Value {
 public:
  using Data = std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view>;

  // NOLINTBEGIN(google-explicit-constructor): {"duration_ms", 12} is the point.
  Value(bool value) : data_(value) {}
  template <std::signed_integral T>
  Value(T value) : data_(static_cast<std::int64_t>(value)) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Value(T value) : data_(static_cast<std::uint64_t>(value)) {}
  template <std::floating_point T>
  Value(T value) : data_(static_cast<double>(value)) {}
  Value(std::string_view value) : data_(value) {}
  Value(const std::string& value) : data_(std::string_view(value)) {}
  Value(const char* value) : data_(std::string_view(value)) {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] const Data& data() const { return data_; }

 private:
  Data data_;
};

// A named value: {"job_id", id}.
struct Field {
  std::string_view key;
  Value value;
};

}  // namespace testgen::telemetry
