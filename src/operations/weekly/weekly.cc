#include "operations/weekly/weekly.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "operations/queries.h"
#include "operations/weekly/forecast.h"

namespace testgen::operations {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr double kNoticeable = 0.1;  // of last week's figure
constexpr auto kWeek = hours(7 * 24);
constexpr auto kHistory = hours(28 * 24);  // for forecasts
constexpr seconds kStep{60};               // Prometheus gives at most 11 000 points a series

std::string series_name(const Sample& sample, std::string_view by) {
  const auto label = sample.labels.find(by);
  if (label == sample.labels.end()) return "";
  const auto type = sample.labels.find("type");
  return type == sample.labels.end() ? label->second : label->second + " " + type->second;
}

std::string span_or(const std::optional<double>& value, std::string_view otherwise) {
  return value ? span_text(*value) : std::string(otherwise);
}

class Weekly {
 public:
  Weekly(const WeeklySources& sources, base::WallTime now) : sources_(sources), now_(now) {}

  Report run() {
    Report report{.kind = "weekly",
                  .title = "Weekly review",
                  .made = now_,
                  .span = "the last 7 days against the 7 before"};
    std::map<std::string_view, std::vector<Figure>> figures;
    for (const TrendFigure& row : trend_figures()) {
      for (Figure& figure : trend(row)) figures[row.item].push_back(std::move(figure));
    }
    for (const WeeklyItem& row : weekly_items()) {
      if (report.sections.empty() || report.sections.back().title != row.section) {
        report.sections.push_back({std::string(row.section), {}, {}});
      }
      report.sections.back().items.push_back({std::string(row.id), std::string(row.title),
                                              std::move(figures[row.id]), std::string(row.advice)});
    }
    report.sections.insert(report.sections.begin() + 1, capacity());
    report.sections.push_back(alerts());
    report.unreachable = std::move(unreachable_);
    return report;
  }

 private:
  // What keeps Prometheus from answering; remembered, so that it is waited for once.
  std::string not_answered(const base::Error& error) {
    if (error.message.starts_with("Prometheus: ")) return error.message;
    prometheus_answers_ = false;
    unreachable_.push_back(describe(error));
    return "Prometheus was not reached";
  }

  std::vector<Figure> trend(const TrendFigure& row) {
    const auto none = [&](Verdict verdict, std::string note) {
      Figure figure{.name = std::string(row.name), .unit = row.unit, .verdict = verdict};
      figure.note = std::move(note);
      return std::vector{figure};
    };
    if (!prometheus_answers_) return none(Verdict::Unknown, "Prometheus was not reached");
    auto now = sources_.prometheus.instant(expand(row.expression), now_);
    if (!now) return none(Verdict::Unknown, not_answered(now.error()));
    const auto before = sources_.prometheus.instant(expand(row.expression, " offset 7d"), now_);
    if (!before) return none(Verdict::Unknown, not_answered(before.error()));
    std::erase_if(*now, [](const Sample& sample) { return std::isnan(sample.value); });
    if (now->empty()) {
      const auto present = row.presence.empty()
                               ? base::Result<std::vector<Sample>>(std::vector<Sample>{})
                               : sources_.prometheus.instant(expand(row.presence), now_);
      if (!present) return none(Verdict::Unknown, not_answered(present.error()));
      if (!present->empty()) return none(Verdict::NotApplicable, std::string(row.idle));
      return none(Verdict::Unknown, "Prometheus has no such series");
    }
    std::map<std::string, double> earlier;
    for (const Sample& sample : *before) earlier[series_name(sample, row.by)] = sample.value;
    std::vector<Figure> out;
    for (const Sample& sample : *now) {
      const std::string of = series_name(sample, row.by);
      const auto then = earlier.find(of);
      const bool known = then != earlier.end() && !std::isnan(then->second);
      out.push_back(
          compare(row, sample.value, known ? std::optional<double>(then->second) : std::nullopt));
      out.back().of = of;
    }
    std::sort(out.begin(), out.end(), [](const Figure& a, const Figure& b) { return a.of < b.of; });
    return out;
  }

  Section capacity() {
    Section section{"Capacity planning", {}, {}};
    Table table{
        .id = "forecast",
        .title = "Where it goes: a line through the highest hour of each of the last 28 days",
        .header = {"resource", "now", "bound", "a week", "days seen", "outlook"}};
    Item item{.id = "capacity", .title = "Resource utilization, growth and scaling"};
    for (const CapacityFigure& row : capacity_figures()) {
      Figure figure{.name = std::string(row.title), .unit = row.unit};
      const std::string outlook = look_ahead(row, figure, table);
      if (figure.verdict == Verdict::Bad)
        item.advice += (item.advice.empty() ? "" : "; ") + outlook;
      item.figures.push_back(std::move(figure));
    }
    section.items.push_back(std::move(item));
    table.notes.push_back(
        "Growth counts when it is more than three of its standard errors over at "
        "least 7 days.");
    section.tables.push_back(std::move(table));
    return section;
  }

  // Fills in the figure and adds a row; returns what is recommended.
  std::string look_ahead(const CapacityFigure& row, Figure& figure, Table& table) {
    if (row.bound > 0) figure.bar = {Bound::AtMost, row.bound};
    figure.verdict = Verdict::Unknown;
    if (!prometheus_answers_) {
      figure.note = "Prometheus was not reached";
      return "";
    }
    const auto history =
        sources_.prometheus.range(expand(row.expression), now_ - kHistory, now_, hours(1));
    if (!history) {
      figure.note = not_answered(history.error());
      return "";
    }
    std::vector<std::pair<double, double>> points;
    if (!history->empty()) points = daily_peaks(history->front().points);
    if (points.empty()) {
      figure.note = "no history: " + std::string(row.missing);
      return "";
    }
    figure.value = points.back().second;
    const auto line = fit_line(points);
    if (!line) {
      figure.verdict = judge(*figure.value, figure.bar);
      figure.note =
          fmt::format("{} of history; a forecast needs 3 days",
                      points.size() == 1 ? "1 day" : std::to_string(points.size()) + " days");
      return std::string(row.remedy);
    }
    figure.value = line->level;
    std::string outlook;
    if (row.bound > 0) {
      const Forecast ahead = forecast(*line, row.bound);
      outlook = outlook_text(ahead, row);
      const bool bad = ahead.outlook == Outlook::Past || ahead.outlook == Outlook::Soon;
      figure.verdict = bad ? Verdict::Bad : Verdict::Good;
    } else {
      figure.verdict = Verdict::Good;
      outlook = growth_text(*line);
    }
    figure.note = outlook;
    table.rows.push_back({std::string(row.title), figure_text(line->level, row.unit),
                          row.bound > 0 ? figure_text(row.bound, row.unit) : "none",
                          fmt::format("{}{}", line->per_day < 0 ? "" : "+",
                                      figure_text(line->per_day * 7, row.unit)),
                          std::to_string(line->days), outlook});
    return fmt::format("{}: {}", row.title, outlook);
  }

  static std::string growth_text(const Line& line) {
    if (line.level <= 0 || std::abs(line.per_day) <= 3 * line.doubt) return "steady";
    return fmt::format("{} by {} a week", line.per_day > 0 ? "grows" : "falls",
                       figure_text(std::abs(line.per_day * 7 / line.level), Unit::Ratio));
  }

  [[nodiscard]] std::string outlook_text(const Forecast& ahead, const CapacityFigure& row) const {
    const auto day = [&] {
      const auto when = now_ + std::chrono::duration_cast<base::WallTime::duration>(
                                   std::chrono::duration<double, std::ratio<86400>>(*ahead.days));
      return base::format_rfc3339(when).substr(0, 10);
    };
    switch (ahead.outlook) {
      case Outlook::Past:
        return fmt::format("past its bound: {}", row.remedy);
      case Outlook::Soon:
        return fmt::format("bound reached on {}, in {:.0f} days: {}", day(), *ahead.days,
                           row.remedy);
      case Outlook::Later:
        return fmt::format("bound reached on {}: plan for it", day());
      case Outlook::Far:
        return "grows, bound more than a year away";
      case Outlook::Steady:
        return "steady; nothing to do";
      case Outlook::Falling:
        return "falling; nothing to do";
    }
    return "";
  }

  Section alerts() {
    Section section{"Alert review", {}, {}};
    Item item{.id = "alerts", .title = "False positives, thresholds and response times"};
    const auto evidence = gather();
    if (!evidence) {
      Figure figure{.name = "alerts", .verdict = Verdict::Unknown};
      figure.note = "Prometheus was not reached";
      item.figures.push_back(std::move(figure));
      section.items.push_back(std::move(item));
      return section;
    }
    Table table{.id = "alerts",
                .title = "Each alert; times are medians, from its firing",
                .header = {"alert", "severity", "fired", "false", "to fire", "to notify", "to ack",
                           "to resolve", "advice"}};
    double fired = 0;
    double labelled_false = 0;
    for (const AlertHistory& history : alert_histories(*evidence)) {
      const AlertFigures figures = alert_figures(history);
      fired += static_cast<double>(figures.fired);
      labelled_false += static_cast<double>(figures.labelled_false);
      const auto time = [&](const std::optional<double>& value) {
        return figures.fired == 0 ? "" : span_or(value, "not known");
      };
      table.rows.push_back(
          {history.rule.name, history.rule.severity, std::to_string(figures.fired),
           std::to_string(figures.labelled_false), time(figures.to_fire), time(figures.to_notify),
           time(figures.to_acknowledge),
           figures.fired > 0 && !figures.to_resolve ? "still fires" : time(figures.to_resolve),
           alert_advice(history)});
    }
    item.figures.push_back({.name = "fired", .value = fired});
    Figure share{.name = "labelled false", .unit = Unit::Ratio, .bar = {Bound::AtMost, 0.1}};
    if (!silences_known_) {
      share.verdict = Verdict::Unknown;
      share.note = "Alertmanager was not reached";
    } else if (fired > 0) {
      share.value = labelled_false / fired;
      share.verdict = judge(*share.value, share.bar);
    } else {
      share.verdict = Verdict::NotApplicable;
      share.note = "nothing fired";
    }
    item.figures.push_back(std::move(share));
    item.advice = "tune those whose advice says so; docs/explanation/how-the-alerts-judge.md";
    section.items.push_back(std::move(item));
    table.notes.push_back(
        "Taken up: the first silence of the alert. False: a silence whose comment begins with "
        "\"false positive\".");
    if (sources_.notifications.empty()) {
      table.notes.push_back(
          "To notify is known where --log names the log of a service that gets Alertmanager's "
          "webhook.");
    }
    section.tables.push_back(std::move(table));
    return section;
  }

  std::optional<AlertEvidence> gather() {
    if (!prometheus_answers_) return std::nullopt;
    AlertEvidence out;
    out.until = base::unix_seconds(now_);
    out.notifications = sources_.notifications;
    auto rules = sources_.prometheus.alert_rules();
    if (!rules) {
      not_answered(rules.error());
      return std::nullopt;
    }
    out.rules = std::move(*rules);
    // As they were stored: a value asked for at a moment would outlive its alert by minutes.
    auto firing = sources_.prometheus.samples("ALERTS{alertstate=\"firing\"}[7d]", now_);
    auto pending = sources_.prometheus.range("ALERTS_FOR_STATE", now_ - kWeek, now_, kStep);
    if (!firing || !pending) {
      not_answered(!firing ? firing.error() : pending.error());
      return std::nullopt;
    }
    out.firing = std::move(*firing);
    out.pending = std::move(*pending);
    out.step = usual_step(out.firing);
    auto silences = sources_.alertmanager.silences();
    silences_known_ = silences.has_value();
    if (silences) {
      out.silences = std::move(*silences);
    } else {
      unreachable_.push_back(describe(silences.error()));
    }
    return out;
  }

  const WeeklySources& sources_;
  const base::WallTime now_;
  bool prometheus_answers_ = true;
  bool silences_known_ = false;
  std::vector<std::string> unreachable_;
};

}  // namespace

Figure compare(const TrendFigure& row, double now, std::optional<double> before) {
  Figure figure{.name = std::string(row.name), .value = now, .unit = row.unit};
  if (!before) {
    figure.note = "no week before to compare with";
    return figure;
  }
  const double change = now - *before;
  const std::string was = "was " + figure_text(*before, row.unit);
  const bool small =
      std::abs(change) <= row.least || std::abs(change) <= kNoticeable * std::abs(*before);
  if (small) {
    figure.note = was + ", steady";
    return figure;
  }
  const std::string by = *before == 0
                             ? std::string(change > 0 ? "up from nothing" : "down from nothing")
                             : fmt::format("{} by {}", change > 0 ? "up" : "down",
                                           figure_text(std::abs(change / *before), Unit::Ratio));
  figure.note = was + ", " + by;
  if (row.better == Better::Neither) return figure;
  const bool better = (change < 0) == (row.better == Better::Lower);
  figure.note += better ? ": better" : ": worse";
  figure.verdict = better ? Verdict::Good : Verdict::Bad;
  return figure;
}

Report weekly_review(const WeeklySources& sources, base::WallTime now) {
  return Weekly(sources, now).run();
}

}  // namespace testgen::operations
