#include "operations/checklist/daily.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "operations/checklist/daily_table.h"
#include "operations/queries.h"
#include "operations/sources/readiness.h"

namespace testgen::operations {
namespace {

Figure without_value(std::string name, Verdict verdict, std::string note, Unit unit = Unit::Count,
                     Bar bar = {}) {
  Figure out;
  out.name = std::move(name);
  out.verdict = verdict;
  out.note = std::move(note);
  out.unit = unit;
  out.bar = bar;
  return out;
}

std::string missing_note(const DailyFigure& row) {
  if (row.expression.find("$node") != std::string_view::npos) {
    return "Prometheus has no such series; is node_exporter scraped as job \"node\"?";
  }
  return "Prometheus has no such series; is the service scraped as job \"testgen-copilot\"?";
}

class Daily {
 public:
  Daily(const Sources& sources, base::WallTime now) : sources_(sources), now_(now) {}

  Report run() {
    Report report{.kind = "daily",
                  .title = "Daily monitoring checklist",
                  .made = now_,
                  .span = "the last 24 hours"};
    std::map<std::string_view, std::vector<Figure>> figures;
    for (const DailyFigure& row : daily_figures()) {
      for (Figure& figure : ask(row)) figures[row.item].push_back(std::move(figure));
    }
    add_alerts(figures["errors"]);
    add_health(figures["health"]);
    for (const DailyItem& row : daily_items()) {
      if (report.sections.empty() || report.sections.back().title != row.section) {
        report.sections.push_back({std::string(row.section), {}, {}});
      }
      report.sections.back().items.push_back({std::string(row.id), std::string(row.title),
                                              std::move(figures[row.id]), std::string(row.advice)});
    }
    report.unreachable = std::move(unreachable_);
    return report;
  }

 private:
  // One figure a series; one without a value when there is none.
  std::vector<Figure> ask(const DailyFigure& row) {
    const std::string name(row.name);
    const auto none = [&](Verdict verdict, std::string note) {
      return std::vector{without_value(name, verdict, std::move(note), row.unit, row.bar)};
    };
    if (!prometheus_answers_) return none(Verdict::Unknown, "Prometheus was not reached");
    auto samples = sources_.prometheus.instant(expand(row.expression), now_);
    if (!samples) return none(Verdict::Unknown, not_answered(samples.error()));
    // Nothing to divide by comes out as NaN.
    std::erase_if(*samples, [](const Sample& sample) { return std::isnan(sample.value); });
    if (samples->empty()) {
      if (row.presence.empty()) return none(Verdict::Unknown, missing_note(row));
      const auto present = sources_.prometheus.instant(expand(row.presence), now_);
      if (!present) return none(Verdict::Unknown, not_answered(present.error()));
      if (!present->empty()) return none(Verdict::NotApplicable, std::string(row.idle));
      if (!row.absent.empty()) return none(Verdict::NotApplicable, std::string(row.absent));
      return none(Verdict::Unknown, missing_note(row));
    }
    std::vector<Figure> out;
    for (const Sample& sample : *samples) {
      Figure figure{.name = name, .value = sample.value, .unit = row.unit, .bar = row.bar};
      if (const auto label = sample.labels.find(row.by); label != sample.labels.end()) {
        figure.of = label->second;
      }
      figure.verdict = judge(sample.value, row.bar);
      out.push_back(std::move(figure));
    }
    std::sort(out.begin(), out.end(), [](const Figure& a, const Figure& b) { return a.of < b.of; });
    return out;
  }

  // Asked once: seventy time-outs would help nobody.
  std::string not_answered(const base::Error& error) {
    if (error.message.starts_with("Prometheus: ")) return error.message;  // it refused this one
    prometheus_answers_ = false;
    unreachable_.push_back(describe(error));
    return "Prometheus was not reached";
  }

  void add_alerts(std::vector<Figure>& figures) {
    const std::string name = "alerts firing now";
    const Bar bar{Bound::AtMost, 0};
    const auto firing = sources_.alertmanager.firing();
    if (!firing) {
      unreachable_.push_back(describe(firing.error()));
      figures.push_back(without_value(name, Verdict::Unknown, "Alertmanager was not reached"));
      return;
    }
    std::map<std::string, std::pair<double, double>> counts;  // open, muted
    for (const FiringAlert& alert : *firing) {
      (alert.muted ? counts[alert.name].second : counts[alert.name].first) += 1;
    }
    double open = 0;
    std::string names;
    for (const auto& [alert, count] : counts) {
      open += count.first;
      names += fmt::format("{}{}{}", names.empty() ? "" : ", ", alert,
                           count.first == 0 ? " (muted)" : "");
    }
    Figure figure{.name = name, .value = open, .bar = bar, .verdict = judge(open, bar)};
    figure.note = names;
    figures.push_back(std::move(figure));
  }

  void add_health(std::vector<Figure>& figures) {
    for (const std::string_view probe : {"/health", "/alive"}) {
      const auto answer = sources_.service.get(probe);
      if (!answer) {
        unreachable_.push_back(describe(answer.error()));
        figures.push_back(without_value("probes", Verdict::Unknown, "the service was not reached"));
        return;
      }
      const bool good = answer->status == 200;
      figures.push_back(without_value(std::string(probe), good ? Verdict::Good : Verdict::Bad,
                                      fmt::format("answers {}", answer->status)));
    }
    const auto answer = sources_.service.get("/ready?verbose=true");
    if (!answer) {
      unreachable_.push_back(describe(answer.error()));
      figures.push_back(without_value("/ready", Verdict::Unknown, "the service was not reached"));
      return;
    }
    const auto readiness = read_readiness(answer->body);
    if (!readiness) {
      figures.push_back(without_value("/ready", Verdict::Unknown, readiness.error().message));
      return;
    }
    figures.push_back(without_value("/ready", readiness->ready ? Verdict::Good : Verdict::Bad,
                                    readiness->draining ? "not ready: it drains"
                                    : readiness->ready  ? "ready"
                                                        : "not ready"));
    for (const CheckResult& check : readiness->checks) {
      figures.push_back(without_value(
          "check", check.good() ? Verdict::Good : Verdict::Bad,
          check.message.empty() ? check.status : check.status + ": " + check.message));
      figures.back().of = check.name;
    }
  }

  const Sources& sources_;
  const base::WallTime now_;
  bool prometheus_answers_ = true;
  std::vector<std::string> unreachable_;
};

}  // namespace

Report daily_checklist(const Sources& sources, base::WallTime now) {
  return Daily(sources, now).run();
}

}  // namespace testgen::operations
