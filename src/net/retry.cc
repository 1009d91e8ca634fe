#include "net/retry.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string>

#include "base/strings.h"

namespace testgen::net {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLongest = std::chrono::hours(24);

// "Sun, 06 Nov 1994 08:49:37 GMT", the one date format that senders must use (RFC 9110, 5.6.7).
// Read by hand: strptime would depend on the locale.
// In seconds: the year 9999 does not fit the clock's nanoseconds.
std::optional<std::chrono::sys_seconds> parse_imf_fixdate(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT"))
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = -1;
    const char* end = text.data() + at + length;
    if (std::from_chars(text.data() + at, end, value).ptr != end) return -1;
    return value;
  };
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const int day = number(5, 2);
  const int year = number(12, 4);
  const int hour = number(17, 2);
  const int minute = number(20, 2);
  const int second = number(23, 2);
  if (day < 1 || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value, base::WallTime now) {
  value = base::trim(value);
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    long long seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc() || seconds > kLongest / std::chrono::seconds(1)) return kLongest;
    return std::chrono::seconds(seconds);
  }
  const auto when = parse_imf_fixdate(value);
  if (!when) return std::nullopt;
  return std::clamp(milliseconds(*when - std::chrono::floor<milliseconds>(now)), milliseconds(0),
                    kLongest);
}

Backoff::Backoff(milliseconds initial, milliseconds max, std::uint64_t seed)
    : step_(std::min(initial, max)), max_(max), random_(seed) {}

milliseconds Backoff::next() {
  const auto half = step_.count() / 2;
  const milliseconds delay(half + random_.between(0, step_.count() - half));
  step_ = std::min(step_ * 2, max_);
  return delay;
}

}  // namespace testgen::net
