// Reading the Accept header of a scrape: hostile input, so bounded and forgiving.
#include <charconv>
#include <optional>

#include "base/strings.h"
#include "telemetry/metrics/exposition.h"

namespace testgen::telemetry {
namespace {

constexpr std::size_t kMaxRanges = 64;

struct MediaRange {
  std::string type;
  std::string version;
  double quality = 1.0;
};

MediaRange parse_range(std::string_view text) {
  MediaRange range;
  const auto parts = base::split(text, ';');
  range.type = base::to_lower(base::trim(parts.front()));
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = base::trim(parts[i]);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name = base::to_lower(base::trim(part.substr(0, equals)));
    const std::string_view value = base::trim(part.substr(equals + 1));
    if (name == "version") range.version = value;
    if (name == "q") {
      double quality = 0;  // a malformed quality refuses the range
      (void)std::from_chars(value.data(), value.data() + value.size(), quality);
      range.quality = quality;
    }
  }
  return range;
}

std::optional<ExpositionFormat> format_of(const MediaRange& range) {
  if (range.type == "application/openmetrics-text") {
    if (range.version.empty() || range.version == "1.0.0") return ExpositionFormat::OpenMetrics;
    return std::nullopt;
  }
  if (range.type == "text/plain") {
    if (range.version.empty() || range.version == "0.0.4") return ExpositionFormat::Text;
    return std::nullopt;
  }
  if (range.type == "*/*" || range.type == "text/*") return ExpositionFormat::Text;
  return std::nullopt;
}

}  // namespace

ExpositionFormat negotiate_exposition(std::string_view accept) {
  ExpositionFormat best = ExpositionFormat::Text;
  double best_quality = 0;
  std::size_t seen = 0;
  for (const std::string& text : base::split(accept, ',')) {
    if (++seen > kMaxRanges) break;
    const MediaRange range = parse_range(text);
    const auto format = format_of(range);
    if (format && range.quality > best_quality) {
      best = *format;
      best_quality = range.quality;
    }
  }
  return best;
}

}  // namespace testgen::telemetry
