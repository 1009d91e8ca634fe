#include "emit/unit_mark.h"

#include <algorithm>

#include "base/strings.h"

namespace testgen::emit {
namespace {

constexpr std::string_view kHead = "# testgen: unit ";
constexpr std::string_view kHash = " sha256=";
constexpr std::size_t kHashDigits = 16;
constexpr std::size_t kLongestName = 400;

}  // namespace

std::string unit_mark(const UnitMark& mark) {
  return std::string(kHead) + mark.unit + std::string(kHash) + mark.hash;
}

std::optional<UnitMark> read_unit_mark(std::string_view line) {
  line = base::trim(line);
  if (!line.starts_with(kHead)) return std::nullopt;
  line.remove_prefix(kHead.size());
  const std::size_t at = line.find(kHash);
  if (at == 0 || at == std::string_view::npos || at > kLongestName) return std::nullopt;
  const std::string_view name = line.substr(0, at);
  const std::string_view hash = line.substr(at + kHash.size());
  const bool digits = std::all_of(hash.begin(), hash.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (hash.size() != kHashDigits || !digits || name.find(' ') != std::string_view::npos) {
    return std::nullopt;
  }
  return UnitMark{std::string(name), std::string(hash)};
}

}  // namespace testgen::emit
