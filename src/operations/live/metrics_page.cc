#include "operations/live/metrics_page.h"

#include <cmath>
#include <cstdlib>
#include <map>

#include "base/strings.h"

namespace testgen::operations {
namespace {

bool name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == ':';
}

// {a="b",c="d"} at `at`, which ends past the brace. False when it is not whole.
bool read_labels(std::string_view line, std::size_t& at, Labels& labels) {
  ++at;
  while (at < line.size() && line[at] != '}') {
    const std::size_t begin = at;
    while (at < line.size() && name_char(line[at])) ++at;
    const std::string name(line.substr(begin, at - begin));
    if (name.empty() || !line.substr(at).starts_with("=\"")) return false;
    at += 2;
    std::string value;
    for (; at < line.size() && line[at] != '"'; ++at) {
      if (line[at] != '\\') {
        value += line[at];
      } else if (++at < line.size()) {
        value += line[at] == 'n' ? '\n' : line[at];
      }
    }
    if (at >= line.size()) return false;
    labels[name] = std::move(value);
    ++at;
    if (at < line.size() && line[at] == ',') ++at;
  }
  if (at >= line.size()) return false;
  ++at;
  return true;
}

std::optional<PageSample> read_sample(std::string_view line) {
  PageSample sample;
  std::size_t at = 0;
  while (at < line.size() && name_char(line[at])) ++at;
  if (at == 0) return std::nullopt;
  sample.name = line.substr(0, at);
  if (at < line.size() && line[at] == '{' && !read_labels(line, at, sample.labels)) {
    return std::nullopt;
  }
  const std::string rest(base::trim(line.substr(at)));
  char* end = nullptr;
  sample.value = std::strtod(rest.c_str(), &end);
  if (end == rest.c_str() || (*end != '\0' && *end != ' ')) return std::nullopt;
  return sample;
}

bool matches(const PageSample& sample, std::string_view name, const Match& match) {
  if (sample.name != name) return false;
  for (const auto& [label, value] : match) {
    const auto found = sample.labels.find(label);
    if (found == sample.labels.end() || found->second != value) return false;
  }
  return true;
}

// By its name: the conventions of the catalogue hold for every metric of ours.
bool only_grows(std::string_view name) {
  return name.ends_with("_total") || name.ends_with("_bucket") || name.ends_with("_sum") ||
         name.ends_with("_count");
}

}  // namespace

MetricsPage MetricsPage::read(std::string_view text) {
  MetricsPage page;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (auto sample = read_sample(line)) page.samples_.push_back(*std::move(sample));
  }
  return page;
}

std::optional<double> MetricsPage::sum(std::string_view name, const Match& match) const {
  std::optional<double> out;
  for (const PageSample& sample : samples_) {
    if (matches(sample, name, match)) out = out.value_or(0) + sample.value;
  }
  return out;
}

std::map<std::string, double> MetricsPage::by(std::string_view name, std::string_view label,
                                              const Match& match) const {
  std::map<std::string, double> out;
  for (const PageSample& sample : samples_) {
    if (!matches(sample, name, match)) continue;
    const auto found = sample.labels.find(label);
    out[found == sample.labels.end() ? "" : found->second] += sample.value;
  }
  return out;
}

std::optional<double> MetricsPage::quantile(std::string_view histogram, double q,
                                            const Match& match) const {
  std::map<double, double> buckets;  // bound → observations up to it
  const std::string name = std::string(histogram) + "_bucket";
  for (const PageSample& sample : samples_) {
    if (!matches(sample, name, match)) continue;
    const auto bound = sample.labels.find("le");
    if (bound == sample.labels.end()) continue;
    buckets[std::strtod(bound->second.c_str(), nullptr)] += sample.value;
  }
  if (buckets.empty() || buckets.rbegin()->second <= 0) return std::nullopt;
  const double rank = q * buckets.rbegin()->second;
  double lower = 0;
  double below = 0;
  for (const auto& [bound, count] : buckets) {
    if (count >= rank) {
      if (std::isinf(bound)) return lower;
      return count == below ? bound : lower + (bound - lower) * (rank - below) / (count - below);
    }
    lower = bound;
    below = count;
  }
  return lower;
}

MetricsPage MetricsPage::since(const MetricsPage& earlier) const {
  std::map<std::pair<std::string, Labels>, double> before;
  for (const PageSample& sample : earlier.samples_) {
    before[{sample.name, sample.labels}] = sample.value;
  }
  MetricsPage out = *this;
  for (PageSample& sample : out.samples_) {
    if (!only_grows(sample.name)) continue;
    const auto found = before.find({sample.name, sample.labels});
    if (found != before.end() && found->second <= sample.value) sample.value -= found->second;
  }
  return out;
}

}  // namespace testgen::operations
