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

void find_secrets(const std::vector<Rule>& rules, std::string_view text, const LineTable& lines,
                  std::vector<Finding>& findings) {
  for (const Rule& rule : rules) {
    if (!rule.secret) continue;
    for (const std::string& prefix : rule.secret->prefixes) {
      for (std::size_t at = text.find(prefix); at != std::string_view::npos;
           at = text.find(prefix, at + 1)) {
        if (at > 0 && is_token_byte(text[at - 1]) && is_token_byte(prefix.front())) continue;
        Pattern::Match match;
        if (!rule.secret->token->match_at(text.substr(0, std::min(text.size(), at + 4096)), at,
                                          match)) {
          continue;
        }
        const std::string_view token = text.substr(match.start, match.end - match.start);
        if (match.end < text.size() && is_token_byte(text[match.end]) &&
            is_token_byte(token.back())) {
          continue;  // a piece of something longer
        }
        if (entropy(token.substr(prefix.size())) < rule.secret->entropy || is_placeholder(token)) {
          continue;
        }
        Finding found;
        found.rule = rule.id;
        found.title = rule.title;
        found.message = rule.message;
        found.severity = rule.severity;
        found.confidence = rule.confidence;
        if (rule.secret->checksum == "github") {
          found.confidence = github_checksum_fits(token) ? Confidence::High : Confidence::Low;
        }
        found.cwe = rule.cwe;
        found.related_cwes = rule.related;
        found.owasp = rule.owasp;
        found.fix = rule.fix;
        found.place = lines.place(static_cast<std::uint32_t>(match.start),
                                  static_cast<std::uint32_t>(match.end));
        found.code = base::one_line(hidden(lines.line(found.place.line), token), 300);
        findings.push_back(std::move(found));
      }
    }
  }
}

}  // namespace testgen::scan
