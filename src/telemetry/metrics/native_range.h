// Native (exponential, sparse) buckets of a histogram: which value belongs into which, and the
// range that is kept. Schema 3 has eight buckets to each doubling, so a quantile is at most 4.5 %
// off. The range follows the classic bounds with room on both sides: what is below counts as
// zero, what is above as the last bucket; sum and count stay exact. Pure.
#pragma once

#include <cstdint>
#include <span>

namespace testgen::telemetry {

class NativeRange {
 public:
  static constexpr int kSchema = 3;
  static constexpr std::int32_t kBucketsPerDoubling = 1 << kSchema;

  // `bounds` are ascending; the first positive one and the last decide.
  explicit NativeRange(std::span<const double> bounds);

  // Cells to keep: the zero bucket, then first_index() … last_index().
  [[nodiscard]] std::uint32_t cells() const {
    return 1 + static_cast<std::uint32_t>(high_ - low_) * kBucketsPerDoubling;
  }
  // The cell of a value that is no NaN.
  [[nodiscard]] std::uint32_t cell_of(double value) const;
  // Bucket i holds values in (2^((i-1)/8), 2^(i/8)].
  [[nodiscard]] std::int32_t first_index() const { return low_ * kBucketsPerDoubling + 1; }
  [[nodiscard]] double zero_threshold() const;

 private:
  std::int32_t low_ = 0;   // everything up to 2^low_ is zero
  std::int32_t high_ = 0;  // everything above 2^high_ is in the last bucket
};

}  // namespace testgen::telemetry
