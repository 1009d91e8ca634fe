#include "operations/report/units.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace testgen::operations {
namespace {

// Three significant digits, whole numbers whole, no exponent where one is not needed.
std::string short_number(double value) {
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size >= 999.5 || value == std::round(value)) return fmt::format("{:.0f}", value);
  if (size < 0.0005) return fmt::format("{:.1e}", value);
  std::string text = fmt::format("{:.{}f}", value,
                                 size >= 100  ? 0
                                 : size >= 10 ? 1
                                 : size >= 1  ? 2
                                              : 4);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string bytes_text(double value) {
  constexpr std::array<const char*, 5> kNames{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (std::abs(value) >= 1024 && unit + 1 < kNames.size()) {
    value /= 1024;
    ++unit;
  }
  return short_number(value) + " " + kNames[unit];
}

std::string percent_text(double ratio) {
  const double percent = ratio * 100;
  if (percent <= 99 || percent >= 100) return short_number(percent) + " %";
  // 99.96 % is not 100 %: what is near a whole keeps its digits, and is never rounded up to it.
  std::string text = fmt::format("{:.3f}", std::floor(percent * 1000 + 1e-6) / 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " %";
}

}  // namespace

std::string span_text(double seconds) {
  if (!std::isfinite(seconds)) return "for ever";
  const double size = std::abs(seconds);
  const std::string sign = seconds < 0 ? "-" : "";
  if (size < 1) return sign + short_number(size * 1000) + " ms";
  if (size < 120) return sign + short_number(size) + " s";
  const auto whole = static_cast<std::int64_t>(size);
  if (size < 7200) return fmt::format("{}{} min", sign, whole / 60);
  const std::int64_t hours = whole / 3600;
  if (hours < 48) return fmt::format("{}{} h {} min", sign, hours, whole % 3600 / 60);
  return fmt::format("{}{} d {} h", sign, hours / 24, hours % 24);
}

std::string figure_text(double value, Unit unit) {
  if (std::isnan(value)) return "no value";
  if (std::isinf(value)) return value > 0 ? "without bound" : "without lower bound";
  switch (unit) {
    case Unit::Count:
      return short_number(value);
    case Unit::Score:
      return fmt::format("{:.2f}", value);
    case Unit::Ratio:
      return percent_text(value);
    case Unit::Seconds:
      return span_text(value);
    case Unit::Bytes:
      return bytes_text(value);
    case Unit::BytesPerSecond:
      return bytes_text(value) + "/s";
    case Unit::PerMinute:
      return short_number(value) + " a minute";
    case Unit::PerDay:
      return short_number(value) + " a day";
    case Unit::Cores:
      return short_number(value) + (value == 1 ? " core" : " cores");
    case Unit::Dollars:
      return std::abs(value) >= 0.01 || value == 0 ? fmt::format("${:.2f}", value)
                                                   : fmt::format("${:.6f}", value);
    case Unit::Days:
      return short_number(value) + (value == 1 ? " day" : " days");
  }
  return short_number(value);
}

std::string_view to_string(Unit unit) {
  switch (unit) {
    case Unit::Count:
      return "count";
    case Unit::Score:
      return "score";
    case Unit::Ratio:
      return "ratio";
    case Unit::Seconds:
      return "seconds";
    case Unit::Bytes:
      return "bytes";
    case Unit::BytesPerSecond:
      return "bytes_per_second";
    case Unit::PerMinute:
      return "per_minute";
    case Unit::PerDay:
      return "per_day";
    case Unit::Cores:
      return "cores";
    case Unit::Dollars:
      return "dollars";
    case Unit::Days:
      return "days";
  }
  return "count";
}

}  // namespace testgen::operations
