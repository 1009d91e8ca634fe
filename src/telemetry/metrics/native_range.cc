#include "telemetry/metrics/native_range.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace testgen::telemetry {
namespace {

constexpr std::int32_t kRoom = 3;  // doublings below the first bound and above the last

// 2^(k/8) / 2: frexp's fraction is compared against them.
const std::array<double, NativeRange::kBucketsPerDoubling> kFractions = [] {
  std::array<double, NativeRange::kBucketsPerDoubling> fractions{};
  for (std::size_t k = 0; k < fractions.size(); ++k) {
    fractions[k] = std::exp2(static_cast<double>(k) / NativeRange::kBucketsPerDoubling) / 2;
  }
  return fractions;
}();

}  // namespace

NativeRange::NativeRange(std::span<const double> bounds) {
  const auto first = std::find_if(bounds.begin(), bounds.end(), [](double b) { return b > 0; });
  if (first == bounds.end()) return;
  low_ = static_cast<std::int32_t>(std::floor(std::log2(*first))) - kRoom;
  high_ = static_cast<std::int32_t>(std::ceil(std::log2(bounds.back()))) + kRoom;
}

double NativeRange::zero_threshold() const {
  return std::ldexp(1.0, low_);
}

std::uint32_t NativeRange::cell_of(double value) const {
  if (value <= zero_threshold()) return 0;
  if (std::isinf(value)) return cells() - 1;
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  const auto within = static_cast<std::int32_t>(
      std::lower_bound(kFractions.begin(), kFractions.end(), fraction) - kFractions.begin());
  const std::int32_t index = (exponent - 1) * kBucketsPerDoubling + within;
  return static_cast<std::uint32_t>(
      std::min(index - first_index() + 1, static_cast<std::int32_t>(cells()) - 1));
}

}  // namespace testgen::telemetry
