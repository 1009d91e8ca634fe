#include "telemetry/metrics/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace testgen::telemetry {

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    // Plain digits in the range where people read them; 1700000000, not 1.7e+09.
    const double size = std::abs(value);
    const auto format = size == 0 || (size >= 1e-4 && size < 1e16) ? std::chars_format::fixed
                                                                   : std::chars_format::scientific;
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, format).ptr;
    out.append(digits.data(), end);
  }
}

void append_bound(std::string& out, double value) {
  const std::size_t start = out.size();
  append_number(out, value);
  if (std::string_view(out).substr(start).find_first_of(".enN") == std::string_view::npos) {
    out += ".0";
  }
}

}  // namespace testgen::telemetry
