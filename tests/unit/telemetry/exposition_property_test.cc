// Whatever a registry holds, each format says it: rendered, parsed by a reader of the test's own,
// and compared number by number.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "support/fake_clock.h"
#include "telemetry/export/protobuf.h"
#include "telemetry/metrics/exposition.h"
#include "telemetry/metrics/snapshot.h"

namespace testgen::telemetry {
namespace {

using Samples = std::map<std::string, double>;  // name{label="value",…} with raw values

const std::vector<MetricSpec>& rows() {
  static const std::vector<MetricSpec> kRows{
      {.name = "p_total",
       .help = "c\\ \"h\"\n",
       .labels = {{"a", {}}, {"b", {}}},
       .series_cap = 50},
      {.name = "p_seconds",
       .type = MetricType::Histogram,
       .unit = "seconds",
       .help = "h",
       .labels = {{"a", {}}},
       .bounds = {0.5, 1, 2, 5, 30},
       .series_cap = 20},
      {.name = "p_level",
       .type = MetricType::Gauge,
       .help = "h",
       .labels = {{"a", {}}},
       .series_cap = 50},
      {.name = "p_cpu_total", .type = MetricType::ObservedCounter, .help = "h"},
  };
  return kRows;
}

std::string random_text(std::mt19937_64& random) {
  static const std::vector<std::string> kParts{"a", "Z", "\\", "\"", "\n", "{",    "}",
                                               ",", "=", " ",  "ü",  "日", "🙂", "#"};
  std::string text;
  for (auto length = random() % 6; length > 0; --length) text += kParts[random() % kParts.size()];
  return text;
}

double random_number(std::mt19937_64& random) {
  static const std::vector<double> kOdd{0,         -0.0, 1,    -1,   1e-300,        1e300, INFINITY,
                                        -INFINITY, 0.1,  1e16, 1e15, 123456789.125, 5e-324};
  if (random() % 3 == 0) return kOdd[random() % kOdd.size()];
  const double value =
      std::ldexp(static_cast<double>(random() >> 11U), static_cast<int>(random() % 200) - 150);
  return random() % 2 == 0 ? value : -value;
}

void fill(Registry& registry, std::mt19937_64& random) {
  const auto counters = registry.counters<2>("p_total");
  const auto histograms = registry.histograms<1>("p_seconds");
  const auto gauges = registry.gauges<1>("p_level");
  SpanContext sampled;
  sampled.trace_id.bytes.fill(7);
  sampled.span_id.bytes.fill(8);
  sampled.flags = kFlagSampled;
  for (int i = 0; i < 40; ++i) {
    counters.with(random_text(random), random_text(random)).add(random() % (1ULL << 40U), sampled);
    histograms.with(random_text(random)).observe(std::abs(random_number(random)), sampled);
    gauges.with(random_text(random)).set(random_number(random));
  }
  registry.observed_counter("p_cpu_total").set(std::abs(random_number(random)));
}

std::string key(const std::string& name,
                const std::vector<std::pair<std::string, std::string>>& labels) {
  std::string text = name + "{";
  for (const auto& [label, value] : labels) {
    if (!value.empty()) text += label + "=<" + value + ">";
  }
  return text + "}";
}

// What the registry holds, as samples of the text format.
Samples expected(Registry& registry) {
  Samples samples;
  const Snapshot snapshot = take_snapshot(registry);
  for (const FamilySnapshot& family : snapshot.families) {
    for (const SeriesSnapshot& series : family.series) {
      std::vector<std::pair<std::string, std::string>> labels;
      for (std::size_t i = 0; i < series.label_values.size(); ++i) {
        labels.emplace_back(family.spec->labels[i].name, series.label_values[i]);
      }
      if (family.spec->type != MetricType::Histogram) {
        samples[key(family.spec->name, labels)] = series.value;
        continue;
      }
      std::uint64_t cumulative = 0;
      static const std::vector<std::string> kBounds{"0.5", "1.0", "2.0", "5.0", "30.0", "+Inf"};
      for (std::size_t i = 0; i < series.buckets.size(); ++i) {
        auto with_bound = labels;
        with_bound.emplace_back("le", kBounds[i]);
        samples[key(family.spec->name + "_bucket", with_bound)] =
            static_cast<double>(cumulative += series.buckets[i]);
      }
      samples[key(family.spec->name + "_sum", labels)] = series.sum;
      samples[key(family.spec->name + "_count", labels)] = static_cast<double>(series.count);
    }
  }
  return samples;
}

double number(const std::string& text) {
  if (text == "+Inf") return INFINITY;
  if (text == "-Inf") return -INFINITY;
  return std::strtod(text.c_str(), nullptr);
}

// A reader of both text formats, by their grammar: quoted values may hold anything.
Samples parse_text(const std::string& page) {
  Samples samples;
  std::size_t at = 0;
  while (at < page.size()) {
    if (page[at] == '#') {
      at = page.find('\n', at) + 1;
      continue;
    }
    const std::size_t name_end = page.find_first_of("{ ", at);
    const std::string name = page.substr(at, name_end - at);
    at = name_end;
    std::vector<std::pair<std::string, std::string>> labels;
    if (page[at] == '{') {
      ++at;
      while (page[at] != '}') {
        const std::size_t equals = page.find('=', at);
        std::string value;
        std::size_t i = equals + 2;
        for (; page[i] != '"'; ++i) {
          if (page[i] != '\\') {
            value += page[i];
            continue;
          }
          ++i;
          value += page[i] == 'n' ? '\n' : page[i];
        }
        labels.emplace_back(page.substr(at, equals - at), value);
        at = i + 1;
        if (page[at] == ',') ++at;
      }
      ++at;
    }
    ++at;  // the blank
    const std::size_t value_end = page.find_first_of(" \n", at);
    if (!name.ends_with("_created"))
      samples[key(name, labels)] = number(page.substr(at, value_end - at));
    at = page.find('\n', at) + 1;
  }
  return samples;
}

double real(std::uint64_t bits) {
  return std::bit_cast<double>(bits);
}

Samples parse_protobuf(std::string_view page) {
  Samples samples;
  while (!page.empty()) {
    std::uint64_t size = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(page.front());
      page.remove_prefix(1);
      size |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if ((byte & 0x80U) == 0) break;
    }
    ProtoReader family(page.substr(0, size));
    page.remove_prefix(size);
    std::string name;
    while (const auto field = family.next()) {
      if (field->number == 1) name = field->bytes;
      if (field->number != 4) continue;
      std::vector<std::pair<std::string, std::string>> labels;
      ProtoReader metric(field->bytes);
      while (const auto part = metric.next()) {
        ProtoReader inner(part->bytes);
        if (part->number == 1) {
          const std::string label(inner.next()->bytes);
          labels.emplace_back(label, inner.next()->bytes);
        } else if (part->number == 2 || part->number == 3) {
          samples[key(name, labels)] = real(inner.next()->value);
        } else if (part->number == 7) {
          while (const auto value = inner.next()) {
            if (value->number == 1)
              samples[key(name + "_count", labels)] = static_cast<double>(value->value);
            if (value->number == 2) samples[key(name + "_sum", labels)] = real(value->value);
            if (value->number != 3) continue;
            ProtoReader bucket(value->bytes);
            const auto count = static_cast<double>(bucket.next()->value);
            const double bound = real(bucket.next()->value);
            auto with_bound = labels;
            with_bound.emplace_back("le", bound == INFINITY ? "+Inf"
                                          : bound == 0.5
                                              ? "0.5"
                                              : std::to_string(static_cast<int>(bound)) + ".0");
            samples[key(name + "_bucket", with_bound)] = count;
          }
        }
      }
    }
  }
  return samples;
}

void expect_same(const Samples& wanted, const Samples& read) {
  for (const auto& [name, value] : wanted) {
    const auto found = read.find(name);
    ASSERT_NE(found, read.end()) << name;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(found->second), std::bit_cast<std::uint64_t>(value))
        << name;
  }
  EXPECT_EQ(read.size(), wanted.size());
}

TEST(ExpositionProperty, EveryFormatSaysWhatTheRegistryHolds) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    testing::FakeClock clock;
    Registry registry(rows(), clock, /*native=*/seed % 2 == 0);
    fill(registry, random);
    const Samples wanted = expected(registry);
    expect_same(wanted, parse_text(render(registry, ExpositionFormat::Text)));
    expect_same(wanted, parse_text(render(registry, ExpositionFormat::OpenMetrics)));
    expect_same(wanted, parse_protobuf(render(registry, ExpositionFormat::Protobuf)));
    if (HasFailure()) break;
  }
}

// Spans and differences of native buckets, read back.
TEST(ExpositionProperty, NativeBucketsReadBack) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    testing::FakeClock clock;
    Registry registry(rows(), clock, /*native=*/true);
    const Histogram histogram = registry.histograms<1>("p_seconds").with("a");
    for (auto n = random() % 200; n > 0; --n) {
      histogram.observe(std::ldexp(1.0 + static_cast<double>(random() % 1000) / 1000,
                                   static_cast<int>(random() % 12) - 6));
    }
    const NativeBuckets wanted = *take_snapshot(registry).families[1].series[0].native;
    std::map<std::int32_t, std::uint64_t> read;
    std::vector<std::pair<std::int32_t, std::uint32_t>> spans;
    std::vector<std::int64_t> deltas;
    std::uint64_t zero_count = 0;
    const std::string page = render(registry, ExpositionFormat::Protobuf);
    const auto unzigzag = [](std::uint64_t v) {
      return static_cast<std::int64_t>(v >> 1U) ^ -static_cast<std::int64_t>(v & 1U);
    };
    std::string_view rest(page);
    // The histogram is the first family with a metric.
    std::uint64_t size = 0;
    unsigned shift = 0;
    for (;; shift += 7) {
      const auto byte = static_cast<unsigned char>(rest.front());
      rest.remove_prefix(1);
      size |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if ((byte & 0x80U) == 0) break;
    }
    ProtoReader family(rest.substr(0, size));
    while (const auto field = family.next()) {
      if (field->number != 4) continue;
      ProtoReader metric(field->bytes);
      while (const auto part = metric.next()) {
        if (part->number != 7) continue;
        ProtoReader inner(part->bytes);
        while (const auto value = inner.next()) {
          if (value->number == 5) {
            EXPECT_EQ(unzigzag(value->value), 3);
          }
          if (value->number == 7) zero_count = value->value;
          if (value->number == 13) deltas.push_back(unzigzag(value->value));
          if (value->number == 12 && !value->bytes.empty()) {
            ProtoReader span(value->bytes);
            const auto offset = static_cast<std::int32_t>(unzigzag(span.next()->value));
            spans.emplace_back(offset, static_cast<std::uint32_t>(span.next()->value));
          }
        }
      }
    }
    std::int32_t index = 0;
    std::int64_t count = 0;
    std::size_t next = 0;
    for (const auto& [offset, length] : spans) {
      index += offset;
      for (std::uint32_t i = 0; i < length; ++i)
        read[index++] = static_cast<std::uint64_t>(count += deltas.at(next++));
    }
    EXPECT_EQ(next, deltas.size());
    EXPECT_EQ(zero_count, wanted.zero_count);
    for (std::size_t i = 0; i < wanted.counts.size(); ++i) {
      EXPECT_EQ(read[wanted.first_index + static_cast<std::int32_t>(i)], wanted.counts[i]);
    }
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace testgen::telemetry
