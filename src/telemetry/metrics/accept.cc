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
  std::string proto;     // of protobuf: the message's name
  std::string encoding;  // likewise: how messages are parted
  double quality = 1.0;
};

// From 0 to 1; a malformed one refuses what it is about.
double quality_of(std::string_view text) {
  double quality = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), quality);
  const bool valid = error == std::errc() && end == text.data() + text.size();
  return valid && quality >= 0 && quality <= 1 ? quality : 0;
}

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
    if (name == "proto") range.proto = value;
    if (name == "encoding") range.encoding = base::to_lower(value);
    if (name == "q") {
      range.quality = quality_of(value);
    }
  }
  return range;
}

std::optional<ExpositionFormat> format_of(const MediaRange& range) {
  if (range.type == "application/openmetrics-text") {
    if (range.version.empty() || range.version == "1.0.0") return ExpositionFormat::OpenMetrics;
    return std::nullopt;
  }
  if (range.type == "application/vnd.google.protobuf") {
    const bool ours =
        range.proto == "io.prometheus.client.MetricFamily" && range.encoding == "delimited";
    return ours ? std::optional(ExpositionFormat::Protobuf) : std::nullopt;
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

bool accepts_gzip(std::string_view accept_encoding) {
  double named = -1;  // not said
  double any = -1;
  std::size_t seen = 0;
  for (const std::string& text : base::split(accept_encoding, ',')) {
    if (++seen > kMaxRanges) break;
    const MediaRange range = parse_range(text);
    if (range.type == "gzip" || range.type == "x-gzip") named = range.quality;
    if (range.type == "*") any = range.quality;
  }
  return named >= 0 ? named > 0 : any > 0;
}

}  // namespace testgen::telemetry
