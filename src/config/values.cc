#include "config/values.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/strings.h"

namespace testgen::config {
namespace {

using base::Error;
using base::ErrorCode;

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

// Longest first where one name begins another, largest first for printing.
constexpr std::array<Unit, 4> kTimeUnits{{{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::array<Unit, 4> kByteUnits{
    {{"GiB", 1ULL << 30U}, {"MiB", 1ULL << 20U}, {"KiB", 1ULL << 10U}, {"B", 1}}};

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

Error bad(std::string_view text, std::string_view what, std::string hint) {
  return Error{ErrorCode::InvalidArgument, quoted(text) + " is not " + std::string(what),
               std::move(hint)};
}

// The number at the start of `text`, which is cut off; nothing when there is none.
template <class Number>
std::optional<Number> take_number(std::string_view& text) {
  Number number{};
  const char* const end = text.data() + text.size();
  std::from_chars_result got{};
  if constexpr (std::is_floating_point_v<Number>) {
    got = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  } else {
    got = std::from_chars(text.data(), end, number);
  }
  if (got.ec != std::errc{} || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(got.ptr - text.data()));
  return number;
}

std::string_view take_letters(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && ((text[length] >= 'a' && text[length] <= 'z') ||
                                  (text[length] >= 'A' && text[length] <= 'Z'))) {
    ++length;
  }
  const std::string_view letters = text.substr(0, length);
  text.remove_prefix(length);
  return letters;
}

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

constexpr const char* kDurationHint = "write it like 10s, 1m30s or 500ms";
constexpr const char* kBytesHint = "write it like 65536, 512KiB or 1MiB";

}  // namespace

base::Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const std::string_view whole = text;
  double total = 0;
  if (text.empty()) return bad(whole, "a duration", kDurationHint);
  while (!text.empty()) {
    const auto number = take_number<double>(text);
    const Unit* unit = number ? find_unit(kTimeUnits, take_letters(text)) : nullptr;
    if (unit == nullptr) return bad(whole, "a duration", kDurationHint);
    total += *number * static_cast<double>(unit->size);
  }
  // A century: past it the number is a mistake and would overflow a deadline.
  if (!(total <= 3.2e12)) return bad(whole, "a duration within a century", kDurationHint);
  return std::chrono::milliseconds(std::llround(total));
}

std::string format_duration(std::chrono::milliseconds duration) {
  auto rest = static_cast<std::uint64_t>(duration.count());
  std::string out;
  for (const Unit& unit : kTimeUnits) {
    if (rest / unit.size == 0) continue;
    out += std::to_string(rest / unit.size) + std::string(unit.name);
    rest %= unit.size;
  }
  return out.empty() ? "0s" : out;
}

base::Result<std::uint64_t> parse_bytes(std::string_view text) {
  const std::string_view whole = text;
  if (text.empty()) return bad(whole, "a size", kBytesHint);
  const auto number = take_number<std::uint64_t>(text);
  if (!number) return bad(whole, "a size", kBytesHint);
  const std::string_view letters = take_letters(text);
  const Unit* unit = find_unit(kByteUnits, letters.empty() ? "B" : letters);
  if (unit == nullptr || !text.empty()) return bad(whole, "a size", kBytesHint);
  if (*number > std::numeric_limits<std::uint64_t>::max() / unit->size) {
    return bad(whole, "a size that fits in 64 bits", kBytesHint);
  }
  return *number * unit->size;
}

std::string format_bytes(std::uint64_t bytes) {
  for (const Unit& unit : kByteUnits) {
    if (bytes >= unit.size && bytes % unit.size == 0) {
      return std::to_string(bytes / unit.size) + (unit.size == 1 ? "" : std::string(unit.name));
    }
  }
  return "0";
}

base::Result<std::uint64_t> parse_count(std::string_view text) {
  const std::string_view whole = text;
  const auto number = text.empty() ? std::nullopt : take_number<std::uint64_t>(text);
  if (!number || !text.empty()) return bad(whole, "a whole number", "write digits only, like 42");
  return *number;
}

base::Result<double> parse_ratio(std::string_view text) {
  const std::string_view whole = text;
  const auto number = text.empty() ? std::nullopt : take_number<double>(text);
  if (!number || !text.empty()) return bad(whole, "a number", "write it like 0.25");
  return *number;
}

base::Result<double> parse_percent(std::string_view text) {
  const std::string_view whole = text;
  if (text.ends_with('%')) text.remove_suffix(1);
  const auto number = text.empty() ? std::nullopt : take_number<double>(text);
  if (!number || !text.empty()) return bad(whole, "a percentage", "write it like 80 or 87.5%");
  return *number;
}

base::Result<bool> parse_switch(std::string_view text) {
  const std::string word = base::to_lower(text);
  for (const std::string_view yes : {"1", "true", "yes", "on"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"0", "false", "no", "off"}) {
    if (word == no) return false;
  }
  return bad(text, "yes or no", "allowed: true, false, yes, no, on, off, 1, 0");
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  // A third of the letters wrong is a typing slip; more is another word.
  std::size_t best_distance = std::max<std::size_t>(2, text.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    // A beginning of a word ("gen") means that word, however much is missing.
    const bool begins = text.size() >= 3 && candidate.substr(0, text.size()) == text;
    const std::size_t distance = begins ? 1 : base::edit_distance(text, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view text, const std::vector<std::string_view>& candidates) {
  const std::string_view best = nearest(text, candidates);
  return best.empty() ? std::string() : "did you mean " + quoted(best) + "?";
}

}  // namespace testgen::config
