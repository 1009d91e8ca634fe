#include "telemetry/metrics/family.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "base/strings.h"
#include "telemetry/metrics/number.h"

namespace testgen::telemetry {
namespace {

constexpr std::size_t kMaxLabels = 8;

std::uint64_t hash_values(std::span<const std::string_view> values) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3U; };
  for (const std::string_view value : values) {
    for (const char c : value) mix(static_cast<unsigned char>(c));
    mix(0xff);  // not a byte of valid UTF-8, so ("a", "b") differs from ("ab", "")
  }
  // The table uses the low bits; FNV leaves its best mixing in the high ones.
  return hash ^ (hash >> 32U);
}

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        out += c;
    }
  }
}

std::string render_labels(const std::vector<LabelSpec>& labels,
                          const std::vector<std::string>& values) {
  std::string out;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (values[i].empty()) continue;  // Prometheus takes an empty value for no label
    if (!out.empty()) out += ',';
    out += labels[i].name;
    out += "=\"";
    append_escaped(out, values[i]);
    out += '"';
  }
  return out;
}

bool is_known(const LabelSpec& label, std::string_view value) {
  return std::find(label.values.begin(), label.values.end(), value) != label.values.end();
}

// The value as it may become a label: a known one where the set is closed, valid UTF-8, short.
std::string_view admissible(const LabelSpec& label, std::string_view value) {
  if (label.closed && !is_known(label, value)) return kOverflowLabel;
  if (value.size() > kMaxLabelBytes) {
    value = value.substr(0, kMaxLabelBytes);
    while (!value.empty() && base::find_invalid_utf8(value) != std::string_view::npos) {
      value.remove_suffix(1);
    }
    return value;
  }
  return base::find_invalid_utf8(value) == std::string_view::npos ? value : kOverflowLabel;
}

}  // namespace

Family::Family(const MetricSpec& spec, CellStore& cells, const base::Clock& clock, bool native,
               std::uint32_t limit)
    : spec_(spec),
      cells_(cells),
      clock_(clock),
      cap_(spec.series_cap),
      table_(std::bit_ceil(std::size_t{2} * (spec.series_cap + 1))),
      owned_(spec.series_cap + 1) {  // one more for the `other` series
  TG_CHECK(std::is_sorted(spec.bounds.begin(), spec.bounds.end()));
  if (spec.type == MetricType::Histogram) {
    for (const double bound : spec.bounds) {
      append_bound(bucket_labels_.emplace_back("le=\""), bound);
      bucket_labels_.back() += "\"} ";
    }
    bucket_labels_.emplace_back("le=\"+Inf\"} ");
    if (native) native_.emplace(spec.bounds);
  }
  std::vector<std::string_view> prefix;
  create_known(prefix);
  cap_ = std::min(cap_, std::max(limit, static_cast<std::uint32_t>(series_count())));
}

void Family::create_known(std::vector<std::string_view>& prefix) {
  if (prefix.size() == spec_.labels.size()) {
    (void)series(prefix);
    return;
  }
  for (const std::string& value : spec_.labels[prefix.size()].values) {
    prefix.push_back(value);
    create_known(prefix);
    prefix.pop_back();
  }
}

Series& Family::series(std::span<const std::string_view> values) {
  TG_CHECK(values.size() == spec_.labels.size());
  TG_CHECK(values.size() <= kMaxLabels);
  std::array<std::string_view, kMaxLabels> clean;
  // A series that exists was admissible: the common case ends here.
  std::uint64_t hash = hash_values(values);
  if (Series* found = find(hash, values)) return *found;
  for (std::size_t i = 0; i < values.size(); ++i) clean[i] = admissible(spec_.labels[i], values[i]);
  const std::span<const std::string_view> admitted(clean.data(), values.size());
  hash = hash_values(admitted);
  if (Series* found = find(hash, admitted)) return *found;

  if (overflow_.load(std::memory_order_acquire) == nullptr) {
    const std::lock_guard lock(mutex_);
    if (Series* found = find(hash, admitted)) return *found;
    if (series_count() < cap_) {
      if (Series* made = insert(hash, admitted)) return *made;
    }
  }
  return overflow();
}

// From the first rejection on, this needs no lock: a flood of new values must not stall the rest.
Series& Family::overflow() {
  rejected_.fetch_add(1, std::memory_order_relaxed);
  if (Series* known = overflow_.load(std::memory_order_acquire)) return *known;
  std::array<std::string_view, kMaxLabels> others;
  others.fill(kOverflowLabel);
  const std::span<const std::string_view> values(others.data(), spec_.labels.size());
  const std::uint64_t hash = hash_values(values);
  const std::lock_guard lock(mutex_);
  Series* other = find(hash, values);
  if (other == nullptr) other = insert(hash, values);
  TG_CHECK(other != nullptr);
  overflow_.store(other, std::memory_order_release);
  return *other;
}

std::size_t Family::bytes() const {
  const auto of_text = [](const std::string& text) {
    return text.capacity() > std::string().capacity() ? text.capacity() + 1 : 0;
  };
  std::size_t total =
      sizeof *this + table_.size() * sizeof table_[0] + owned_.size() * sizeof owned_[0];
  const std::size_t count = series_count();
  for (std::size_t i = 0; i < count; ++i) {
    const Series& series = *owned_[i];
    total += sizeof series + of_text(series.labels) + series.exemplars.bytes();
    for (const std::string& value : series.values) total += sizeof value + of_text(value);
  }
  return total;
}

const Series& Family::at(std::size_t index) const {
  return *owned_[index];
}

Series* Family::find(std::uint64_t hash, std::span<const std::string_view> values) const {
  const std::size_t mask = table_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    Series* series = table_[i].load(std::memory_order_acquire);
    if (series == nullptr) return nullptr;
    if (series->hash == hash &&
        std::equal(values.begin(), values.end(), series->values.begin(), series->values.end())) {
      return series;
    }
  }
}

Series* Family::insert(std::uint64_t hash, std::span<const std::string_view> values) {
  const std::size_t count = series_count();
  if (count == owned_.size()) return nullptr;
  auto series = std::make_unique<Series>();
  if (spec_.type == MetricType::Counter) {
    series->cell = cells_.reserve(1);
  } else if (spec_.type == MetricType::Histogram) {
    series->cell = cells_.reserve(static_cast<std::uint32_t>(spec_.bounds.size()) + 2);
    if (native_) series->native_cell = cells_.reserve(native_->cells());
  }
  if (series->cell == CellStore::kNoCells || series->native_cell == CellStore::kNoCells) {
    return nullptr;
  }
  series->values.assign(values.begin(), values.end());
  series->labels = render_labels(spec_.labels, series->values);
  series->hash = hash;
  series->created = base::unix_seconds(clock_.wall_now());
  Series* result = series.get();
  owned_[count] = std::move(series);
  count_.store(count + 1, std::memory_order_release);
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = hash & mask;
  while (table_[slot].load(std::memory_order_relaxed) != nullptr) slot = (slot + 1) & mask;
  table_[slot].store(result, std::memory_order_release);
  return result;
}

}  // namespace testgen::telemetry
