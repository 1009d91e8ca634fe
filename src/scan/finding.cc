#include "scan/finding.h"

#include "base/strings.h"

namespace testgen::scan {

namespace {
constexpr std::array<std::string_view, 5> kSeverities{"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> kConfidences{"low", "medium", "high"};
}  // namespace

std::string_view to_string(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}
std::string_view to_string(Confidence confidence) {
  return kConfidences[static_cast<std::size_t>(confidence)];
}

std::optional<Severity> severity_from(std::string_view text) {
  for (std::size_t i = 0; i < kSeverities.size(); ++i) {
    if (kSeverities[i] == text) return static_cast<Severity>(i);
  }
  return std::nullopt;
}

std::optional<Confidence> confidence_from(std::string_view text) {
  for (std::size_t i = 0; i < kConfidences.size(); ++i) {
    if (kConfidences[i] == text) return static_cast<Confidence>(i);
  }
  return std::nullopt;
}

std::string Finding::id() const {
  return base::replace_all(rule, "/", ".") + ":" + fingerprint;
}

std::vector<const Finding*> Report::open() const {
  std::vector<const Finding*> out;
  for (const FileReport& file : files) {
    for (const Finding& finding : file.findings) {
      if (finding.suppressed.empty()) out.push_back(&finding);
    }
  }
  return out;
}

std::array<std::size_t, 5> Report::by_severity() const {
  std::array<std::size_t, 5> counts{};
  for (const Finding* finding : open()) ++counts[static_cast<std::size_t>(finding->severity)];
  return counts;
}

double Report::coverage() const {
  std::uint64_t all = 0;
  std::uint64_t broken = 0;
  for (const FileReport& file : files) {
    all += file.bytes;
    broken += file.error ? file.bytes : file.broken_bytes;
  }
  return all == 0 ? 1.0 : 1.0 - static_cast<double>(broken) / static_cast<double>(all);
}

}  // namespace testgen::scan
