#include "scan/secrets/secrets.h"

#include <zlib.h>

#include <array>
#include <cmath>

#include "base/strings.h"

namespace testgen::scan {
namespace {

bool is_token_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

// "AKIAIOSFODNN7EXAMPLE", "xxxxxxxx", "0000…": what documentation puts in their place.
bool is_placeholder(std::string_view token) {
  const std::string lower = base::to_lower(token);
  for (const std::string_view word : {"example", "xxxx", "0000000000", "1234567890", "abcdefghij",
                                      "your_", "placeholder", "redacted", "dummy", "changeme"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

// The token in the line with all but its beginning hidden: reports are read by many.
std::string hidden(std::string_view line, std::string_view token) {
  const std::size_t shown = std::min<std::size_t>(6, token.size() / 3);
  return base::replace_all(std::string(line), token, std::string(token.substr(0, shown)) + "…");
}

}  // namespace

double entropy(std::string_view text) {
  if (text.empty()) return 0;
  std::array<std::size_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool github_checksum_fits(std::string_view token) {
  constexpr std::string_view kDigits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const std::size_t mark = token.find('_');
  if (mark == std::string_view::npos || token.size() < mark + 8) return false;
  const std::string_view body = token.substr(mark + 1, token.size() - mark - 7);
  auto crc = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
  std::string expected(6, '0');
  for (std::size_t i = 6; i-- > 0; crc /= 62) expected[i] = kDigits[crc % 62];
  return token.ends_with(expected);
}

SecretIndex::SecretIndex(const std::vector<Rule>& rules) : begins_(65536, 0) {
  for (const Rule& rule : rules) {
    if (!rule.secret) continue;
    for (const std::string& prefix : rule.secret->prefixes) {
      if (prefix.size() < 2) continue;
      entries_.push_back({prefix, &rule});
      begins_[static_cast<unsigned char>(prefix[0]) * 256U +
              static_cast<unsigned char>(prefix[1])] = 1;
    }
  }
}

void SecretIndex::find(std::string_view text, const LineTable& lines,
                       std::vector<Finding>& findings) const {
  if (entries_.empty()) return;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (begins_[static_cast<unsigned char>(text[at]) * 256U +
                static_cast<unsigned char>(text[at + 1])] == 0) {
      continue;
    }
    for (const Entry& entry : entries_) {
      if (text.compare(at, entry.prefix.size(), entry.prefix) == 0) {
        check(entry, text, at, lines, findings);
      }
    }
  }
}

void SecretIndex::check(const Entry& entry, std::string_view text, std::size_t at,
                        const LineTable& lines, std::vector<Finding>& findings) {
  const Rule& rule = *entry.rule;
  if (at > 0 && is_token_byte(text[at - 1]) && is_token_byte(entry.prefix.front())) return;
  Pattern::Match match;
  if (!rule.secret->token->match_at(text.substr(0, std::min(text.size(), at + 4096)), at, match)) {
    return;
  }
  const std::string_view token = text.substr(match.start, match.end - match.start);
  if (token.size() < entry.prefix.size()) return;
  if (match.end < text.size() && is_token_byte(text[match.end]) && is_token_byte(token.back()) &&
      rule.secret->entropy > 0) {
    return;  // a piece of something longer
  }
  if (entropy(token.substr(entry.prefix.size())) < rule.secret->entropy || is_placeholder(token)) {
    return;
  }
  Finding found = finding_by(rule);
  if (rule.secret->checksum == "github") {
    found.confidence = github_checksum_fits(token) ? Confidence::High : Confidence::Low;
  }
  found.place =
      lines.place(static_cast<std::uint32_t>(match.start), static_cast<std::uint32_t>(match.end));
  found.code = base::one_line(hidden(lines.line(found.place.line), token), 300);
  findings.push_back(std::move(found));
}

}  // namespace testgen::scan
