#include "telemetry/metrics/exposition.h"

#include "base/strings.h"
#include "telemetry/metrics/number.h"
#include "telemetry/metrics/page.h"

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
      : registry_(registry),
        open_(open_metrics),
        view_(registry.cells().view()),
        page_(registry.page_bytes() + kSpareBytes) {}

  std::string run() {
    for (const auto& family : registry_.families()) {
      if (registry_.shown(*family)) render(*family);
    }
    page_.ensure(kSpareBytes);
    if (open_) page_.add("# EOF\n");
    std::string text = page_.take();
    registry_.note_page_bytes(text.size());
    return text;
  }

 private:
  static constexpr std::size_t kSpareBytes = 256;
  // A line without its name and labels: suffix, bound, value and an exemplar.
  static constexpr std::size_t kLineBytes = 256;

  void render(const Family& family) {
    const MetricSpec& spec = family.spec();
    name_ = family_name(spec, open_);
    header("# TYPE ", type_name(spec.type));
    if (open_ && !spec.unit.empty()) header("# UNIT ", spec.unit);
    std::string help;
    append_help(help, spec.help, open_);
    header("# HELP ", help);
    const std::size_t count = family.series_count();
    for (std::size_t i = 0; i < count; ++i) {
      const Series& series = family.at(i);
      room_ = name_.size() + series.labels.size() + kLineBytes;
      switch (spec.type) {
        case MetricType::Counter:
          sample(open_ ? "_total" : "", series);
          page_.add(view_.sum(series.cell));
          exemplar(series, 0);
          page_.add('\n');
          created(series);
          break;
        case MetricType::ObservedCounter:
          sample(open_ ? "_total" : "", series);
          number(series.value.load(std::memory_order_relaxed));
          created(series);
          break;
        case MetricType::Gauge:
          sample("", series);
          number(series.value.load(std::memory_order_relaxed));
          break;
        case MetricType::Histogram:
          histogram(series, family);
          break;
      }
    }
  }

  void header(std::string_view keyword, std::string_view value) {
    page_.ensure(keyword.size() + name_.size() + value.size() + 2);
    page_.add(keyword);
    page_.add(name_);
    page_.add(' ');
    page_.add(value);
    page_.add('\n');
  }

  // name_suffix{labels} and a space; the value follows. Makes room for the whole line.
  void sample(std::string_view suffix, const Series& series) {
    page_.ensure(room_);
    page_.add(name_);
    page_.add(suffix);
    if (!series.labels.empty()) {
      page_.add('{');
      page_.add(series.labels);
      page_.add('}');
    }
    page_.add(' ');
  }

  void number(double value) {
    std::string text;  // short: stays within the string itself
    append_number(text, value);
    page_.add(text);
    page_.add('\n');
  }

  void created(const Series& series) {
    if (!open_) return;
    sample("_created", series);
    number(series.created);
  }

  void histogram(const Series& series, const Family& family) {
    // The count is the sum of the buckets just read, so that a page never contradicts itself.
    std::uint64_t cumulative = 0;
    const auto& labels = family.bucket_labels();
    for (std::uint32_t bucket = 0; bucket < labels.size(); ++bucket) {
      cumulative += view_.sum(series.cell + bucket);
      page_.ensure(room_);
      page_.add(name_);
      page_.add("_bucket{");
      if (!series.labels.empty()) {
        page_.add(series.labels);
        page_.add(',');
      }
      page_.add(labels[bucket]);
      page_.add(cumulative);
      exemplar(series, bucket);
      page_.add('\n');
    }
    sample("_sum", series);
    number(view_.sum_double(series.cell + static_cast<std::uint32_t>(labels.size())));
    sample("_count", series);
    page_.add(cumulative);
    page_.add('\n');
    created(series);
  }

  void exemplar(const Series& series, std::uint32_t slot) {
    if (!open_) return;
    const auto found = series.exemplars.load(slot);
    if (!found) return;
    std::string text = " # {trace_id=\"";
    text += found->trace_id.hex();
    text += "\",span_id=\"";
    text += found->span_id.hex();
    text += "\"} ";
    append_number(text, found->value);
    text += ' ';
    append_number(text, found->timestamp);
    page_.add(text);
  }

  Registry& registry_;
  const bool open_;
  const CellStore::View view_;
  std::string_view name_;
  std::size_t room_ = 0;
  Page page_;
};

}  // namespace

std::string_view content_type(ExpositionFormat format) {
  switch (format) {
    case ExpositionFormat::OpenMetrics:
      return "application/openmetrics-text; version=1.0.0; charset=utf-8";
    case ExpositionFormat::Protobuf:
      return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
             "encoding=delimited";
    case ExpositionFormat::Text:
      break;
  }
  return "text/plain; version=0.0.4; charset=utf-8";
}

std::string render(Registry& registry, ExpositionFormat format) {
  registry.collect();
  if (format == ExpositionFormat::Protobuf) return render_protobuf(registry);
  return Renderer(registry, format == ExpositionFormat::OpenMetrics).run();
}

}  // namespace testgen::telemetry
