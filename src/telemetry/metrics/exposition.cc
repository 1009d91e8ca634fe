#include "telemetry/metrics/exposition.h"

#include "base/strings.h"
#include "telemetry/metrics/number.h"

namespace testgen::telemetry {
namespace {

// OpenMetrics names a counter's family without the suffix of its samples.
std::string_view family_name(const MetricSpec& spec, bool open_metrics) {
  std::string_view name = spec.name;
  const bool counter = spec.type == MetricType::Counter || spec.type == MetricType::ObservedCounter;
  if (open_metrics && counter && name.ends_with("_total")) name.remove_suffix(6);
  return name;
}

std::string_view type_name(MetricType type) {
  switch (type) {
    case MetricType::Counter:
    case MetricType::ObservedCounter:
      return "counter";
    case MetricType::Gauge:
      return "gauge";
    case MetricType::Histogram:
      return "histogram";
  }
  return "untyped";
}

void append_help(std::string& out, std::string_view help, bool open_metrics) {
  for (const char c : help) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && open_metrics) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

// One rendering of one registry: the output and what every line needs.
class Renderer {
 public:
  Renderer(Registry& registry, bool open_metrics)
      : registry_(registry), open_(open_metrics), view_(registry.cells().view()) {}

  std::string run() {
    out_.reserve(64U << 10U);
    for (const auto& family : registry_.families()) {
      if (registry_.shown(*family)) render(*family);
    }
    if (open_) out_ += "# EOF\n";
    return std::move(out_);
  }

 private:
  void render(const Family& family) {
    const MetricSpec& spec = family.spec();
    name_ = family_name(spec, open_);
    header("# TYPE ", type_name(spec.type));
    if (open_ && !spec.unit.empty()) header("# UNIT ", spec.unit);
    out_ += "# HELP ";
    out_ += name_;
    out_ += ' ';
    append_help(out_, spec.help, open_);
    out_ += '\n';
    const std::size_t count = family.series_count();
    for (std::size_t i = 0; i < count; ++i) {
      const Series& series = family.at(i);
      switch (spec.type) {
        case MetricType::Counter:
          counter(series, spec);
          break;
        case MetricType::ObservedCounter:
          observed(series, spec);
          break;
        case MetricType::Gauge:
          sample("", series);
          append_number(out_, series.value.load(std::memory_order_relaxed));
          out_ += '\n';
          break;
        case MetricType::Histogram:
          histogram(series, family);
          break;
      }
    }
  }

  void header(std::string_view keyword, std::string_view value) {
    out_ += keyword;
    out_ += name_;
    out_ += ' ';
    out_ += value;
    out_ += '\n';
  }

  // name_suffix{labels} and a space; the value follows.
  void sample(std::string_view suffix, const Series& series) {
    out_ += name_;
    out_ += suffix;
    if (!series.labels.empty()) {
      out_ += '{';
      out_ += series.labels;
      out_ += '}';
    }
    out_ += ' ';
  }

  void created(const Series& series) {
    if (!open_) return;
    sample("_created", series);
    append_number(out_, series.created);
    out_ += '\n';
  }

  void counter(const Series& series, const MetricSpec&) {
    sample(open_ ? "_total" : "", series);
    append_number(out_, view_.sum(series.cell));
    exemplar(series, 0);
    out_ += '\n';
    created(series);
  }

  void observed(const Series& series, const MetricSpec&) {
    sample(open_ ? "_total" : "", series);
    append_number(out_, series.value.load(std::memory_order_relaxed));
    out_ += '\n';
    created(series);
  }

  void histogram(const Series& series, const Family& family) {
    // The count is the sum of the buckets just read, so that a page never contradicts itself.
    std::uint64_t cumulative = 0;
    const auto& labels = family.bucket_labels();
    for (std::uint32_t bucket = 0; bucket < labels.size(); ++bucket) {
      cumulative += view_.sum(series.cell + bucket);
      out_ += name_;
      out_ += "_bucket{";
      if (!series.labels.empty()) {
        out_ += series.labels;
        out_ += ',';
      }
      out_ += labels[bucket];
      append_number(out_, cumulative);
      exemplar(series, bucket);
      out_ += '\n';
    }
    sample("_sum", series);
    append_number(out_, view_.sum_double(series.cell + static_cast<std::uint32_t>(labels.size())));
    out_ += '\n';
    sample("_count", series);
    append_number(out_, cumulative);
    out_ += '\n';
    created(series);
  }

  void exemplar(const Series& series, std::uint32_t slot) {
    if (!open_) return;
    const auto found = series.exemplars.load(slot);
    if (!found) return;
    out_ += " # {trace_id=\"";
    out_ += found->trace_id.hex();
    out_ += "\",span_id=\"";
    out_ += found->span_id.hex();
    out_ += "\"} ";
    append_number(out_, found->value);
    out_ += ' ';
    append_number(out_, found->timestamp);
  }

  Registry& registry_;
  const bool open_;
  const CellStore::View view_;
  std::string_view name_;
  std::string out_;
};

}  // namespace

std::string_view content_type(ExpositionFormat format) {
  return format == ExpositionFormat::OpenMetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

std::string render(Registry& registry, ExpositionFormat format) {
  registry.collect();
  return Renderer(registry, format == ExpositionFormat::OpenMetrics).run();
}

}  // namespace testgen::telemetry
