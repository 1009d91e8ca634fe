#include "operations/sources/alertmanager.h"

#include <ctime>
#include <nlohmann/json.hpp>

namespace testgen::operations {
namespace {

using nlohmann::json;

base::Error unreadable(std::string what) {
  return {base::ErrorCode::Unavailable, "Alertmanager gave an answer with " + std::move(what),
          "is it an Alertmanager with API version 2?"};
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

base::Result<json> list_of(std::string_view answer) {
  json document = json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!document.is_array()) return unreadable("something that is no list");
  for (const json& entry : document) {
    if (!entry.is_object()) return unreadable("an entry that is no object");
  }
  return document;
}

// `count` decimal digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<base::WallTime> parse_time(std::string_view text) {
  // 2026-11-22T17:30:00[.fraction](Z|+02:00)
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  std::tm parts{};
  const int year = digits(text, 0, 4);
  parts.tm_mon = digits(text, 5, 2) - 1;
  parts.tm_mday = digits(text, 8, 2);
  parts.tm_hour = digits(text, 11, 2);
  parts.tm_min = digits(text, 14, 2);
  parts.tm_sec = digits(text, 17, 2);
  if (year < 1970 || parts.tm_mon < 0 || parts.tm_mon > 11 || parts.tm_mday < 1 ||
      parts.tm_mday > 31 || parts.tm_hour < 0 || parts.tm_hour > 23 || parts.tm_min < 0 ||
      parts.tm_min > 59 || parts.tm_sec < 0 || parts.tm_sec > 60) {
    return std::nullopt;
  }
  parts.tm_year = year - 1900;
  std::size_t at = 19;
  double fraction = 0;
  if (text[at] == '.') {
    double scale = 0.1;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      fraction += scale * (text[at] - '0');
    }
  }
  std::chrono::minutes offset{0};
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    const int hours = digits(text, at + 1, 2);
    const int minutes = digits(text, at + 4, 2);
    if (at + 6 != text.size() || text[at + 3] != ':' || hours < 0 || minutes < 0) {
      return std::nullopt;
    }
    offset = std::chrono::minutes(hours * 60 + minutes) * (text[at] == '-' ? -1 : 1);
  } else if (text.substr(at) != "Z") {
    return std::nullopt;
  }
  const auto whole = base::WallTime(std::chrono::seconds(::timegm(&parts)));
  return whole - offset + std::chrono::milliseconds(static_cast<int>(fraction * 1000));
}

base::Result<std::vector<FiringAlert>> read_alerts(std::string_view answer) {
  TG_ASSIGN(const json document, list_of(answer));
  std::vector<FiringAlert> out;
  for (const json& entry : document) {
    const auto labels = entry.find("labels");
    const auto since = parse_time(text_at(entry, "startsAt"));
    if (labels == entry.end() || !labels->is_object() || !since) {
      return unreadable("an alert without labels or beginning");
    }
    FiringAlert alert{text_at(*labels, "alertname"), text_at(*labels, "severity"), *since, false};
    if (const auto status = entry.find("status"); status != entry.end() && status->is_object()) {
      alert.muted = text_at(*status, "state") == "suppressed";
    }
    out.push_back(std::move(alert));
  }
  return out;
}

base::Result<std::vector<Silence>> read_silences(std::string_view answer) {
  TG_ASSIGN(const json document, list_of(answer));
  std::vector<Silence> out;
  for (const json& entry : document) {
    const auto made = parse_time(text_at(entry, "startsAt"));
    if (!made) return unreadable("a silence without a beginning");
    Silence silence{"", *made, text_at(entry, "createdBy"), text_at(entry, "comment")};
    if (const auto matchers = entry.find("matchers");
        matchers != entry.end() && matchers->is_array()) {
      for (const json& matcher : *matchers) {
        if (!matcher.is_object() || text_at(matcher, "name") != "alertname") continue;
        const auto equal = matcher.find("isEqual");
        if (equal != matcher.end() && equal->is_boolean() && !equal->get<bool>()) continue;
        silence.alert = text_at(matcher, "value");
      }
    }
    out.push_back(std::move(silence));
  }
  return out;
}

Alertmanager::Alertmanager(HttpSourceOptions options, net::HttpClient& client)
    : source_(std::move(options), client) {}

base::Result<std::vector<FiringAlert>> Alertmanager::firing() const {
  TG_ASSIGN(const std::string answer, source_.body("/api/v2/alerts"));
  return read_alerts(answer);
}

base::Result<std::vector<Silence>> Alertmanager::silences() const {
  TG_ASSIGN(const std::string answer, source_.body("/api/v2/silences"));
  return read_silences(answer);
}

}  // namespace testgen::operations
