#include "operations/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace testgen::operations {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::Good:
      return "good";
    case Verdict::NotApplicable:
      return "not_applicable";
    case Verdict::Unknown:
      return "unknown";
    case Verdict::Bad:
      return "bad";
  }
  return "unknown";
}

std::string bar_text(const Bar& bar, Unit unit) {
  switch (bar.bound) {
    case Bound::None:
      return "";
    case Bound::AtMost:
      return "at most " + figure_text(bar.limit, unit);
    case Bound::AtLeast:
      return "at least " + figure_text(bar.limit, unit);
  }
  return "";
}

Verdict judge(double value, const Bar& bar) {
  if (std::isnan(value)) return Verdict::Unknown;
  const bool good = bar.bound == Bound::None ||
                    (bar.bound == Bound::AtMost ? value <= bar.limit : value >= bar.limit);
  return good ? Verdict::Good : Verdict::Bad;
}

std::string Figure::text() const {
  if (!value) return note;
  const std::string shown = figure_text(*value, unit);
  return note.empty() ? shown : fmt::format("{} ({})", shown, note);
}

Verdict Item::verdict() const {
  Verdict worst = Verdict::NotApplicable;
  bool any_good = figures.empty();
  for (const Figure& figure : figures) {
    any_good = any_good || figure.verdict == Verdict::Good;
    worst = std::max(worst, figure.verdict);
  }
  return worst == Verdict::NotApplicable && any_good ? Verdict::Good : worst;
}

std::size_t Report::count(Verdict verdict) const {
  std::size_t out = 0;
  for (const Section& section : sections) {
    out += static_cast<std::size_t>(
        std::count_if(section.items.begin(), section.items.end(),
                      [&](const Item& item) { return item.verdict() == verdict; }));
  }
  return out;
}

Verdict Report::verdict() const {
  if (count(Verdict::Bad) > 0) return Verdict::Bad;
  return count(Verdict::Unknown) > 0 ? Verdict::Unknown : Verdict::Good;
}

std::optional<ReportFormat> report_format_from(std::string_view name) {
  if (name == "text") return ReportFormat::Text;
  if (name == "markdown") return ReportFormat::Markdown;
  if (name == "html") return ReportFormat::Html;
  if (name == "json") return ReportFormat::Json;
  return std::nullopt;
}

std::string render(const Report& report, ReportFormat format) {
  switch (format) {
    case ReportFormat::Text:
      return render_text(report);
    case ReportFormat::Markdown:
      return render_markdown(report);
    case ReportFormat::Html:
      return render_html(report);
    case ReportFormat::Json:
      return render_json(report);
  }
  return render_text(report);
}

}  // namespace testgen::operations
