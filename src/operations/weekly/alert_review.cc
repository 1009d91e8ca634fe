#include "operations/weekly/alert_review.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/strings.h"
#include "operations/report/units.h"

namespace testgen::operations {
namespace {

constexpr double kGap = 2.5;         // steps without a point that end an episode
constexpr double kPendingStep = 90;  // seconds to the nearest point of ALERTS_FOR_STATE
constexpr std::size_t kOften = 5;
constexpr double kBrief = 5 * 60;

std::string name_of(const Labels& labels) {
  const auto found = labels.find("alertname");
  return found == labels.end() ? "" : found->second;
}

// When the condition began, by the series with the same labels, at a moment.
std::optional<double> condition_began(const std::vector<Series>& pending, Labels labels,
                                      double at) {
  labels.erase("alertstate");
  labels.erase("__name__");
  for (const Series& series : pending) {
    Labels own = series.labels;
    own.erase("__name__");
    if (own != labels) continue;
    for (const auto& [when, began] : series.points) {
      if (std::abs(when - at) <= kPendingStep && began > 0 && began <= at) return began;
    }
  }
  return std::nullopt;
}

std::vector<Episode> episodes_of(const Series& series, const AlertEvidence& evidence) {
  std::vector<Episode> out;
  double last = 0;
  for (const auto& [when, value] : series.points) {
    if (out.empty() || when - last > kGap * evidence.step) {
      if (!out.empty()) out.back().resolved = last + evidence.step;
      const auto began = condition_began(evidence.pending, series.labels, when);
      out.push_back({.condition = began.value_or(when), .fired = when});
    }
    last = when;
  }
  if (!out.empty() && last + kGap * evidence.step < evidence.until) {
    out.back().resolved = last + evidence.step;
  }
  return out;
}

// Overlapping ones become one.
std::vector<Episode> merged(std::vector<Episode> episodes) {
  std::sort(episodes.begin(), episodes.end(),
            [](const Episode& a, const Episode& b) { return a.fired < b.fired; });
  std::vector<Episode> out;
  for (const Episode& next : episodes) {
    const bool apart = out.empty() || (out.back().resolved && next.fired > *out.back().resolved);
    if (apart) {
      out.push_back(next);
      continue;
    }
    Episode& open = out.back();
    open.condition = std::min(open.condition, next.condition);
    if (!open.resolved || !next.resolved) {
      open.resolved = std::nullopt;
    } else {
      open.resolved = std::max(*open.resolved, *next.resolved);
    }
  }
  return out;
}

void add_people(std::vector<Episode>& episodes, const std::string& name,
                const AlertEvidence& evidence) {
  for (Episode& episode : episodes) {
    const double end = episode.resolved.value_or(evidence.until);
    for (const Notification& told : evidence.notifications) {
      if (told.alert != name || !told.firing) continue;
      // Points are a step apart, so the alert may have fired that much before we saw it.
      if (told.at < episode.fired - evidence.step || told.at > end) continue;
      const double at = std::max(told.at, episode.fired);
      if (!episode.notified || at < *episode.notified) episode.notified = at;
    }
    for (const Silence& silence : evidence.silences) {
      const double made = base::unix_seconds(silence.made);
      if (silence.alert != name || made < episode.condition - evidence.step) continue;
      // A verdict may come after the end, while the next episode has not begun.
      const Episode* next =
          &episode + 1 < episodes.data() + episodes.size() ? &episode + 1 : nullptr;
      if (next != nullptr && made >= next->condition) continue;
      if (made <= end && (!episode.acknowledged || made < *episode.acknowledged)) {
        episode.acknowledged = std::max(made, episode.fired);
      }
      if (calls_it_false(silence.comment)) episode.labelled_false = true;
    }
  }
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

std::optional<double> Episode::lasted() const {
  if (!resolved) return std::nullopt;
  return *resolved - fired;
}

double usual_step(const std::vector<Series>& series) {
  std::vector<double> gaps;
  for (const Series& each : series) {
    for (std::size_t i = 1; i < each.points.size(); ++i) {
      gaps.push_back(each.points[i].first - each.points[i - 1].first);
    }
  }
  return median(std::move(gaps)).value_or(60);
}

bool calls_it_false(std::string_view comment) {
  const std::string text = base::to_lower(base::trim(comment));
  for (const std::string_view word :
       {"false positive", "false-positive", "false alarm", "false:"}) {
    if (text.starts_with(word)) return true;
  }
  return false;
}

std::vector<AlertHistory> alert_histories(const AlertEvidence& evidence) {
  std::map<std::string, AlertHistory> histories;
  for (const AlertRule& rule : evidence.rules) histories[rule.name].rule = rule;
  for (const Series& series : evidence.firing) {
    const std::string name = name_of(series.labels);
    if (name.empty()) continue;
    AlertHistory& history = histories[name];
    history.rule.name = name;
    for (const Episode& episode : episodes_of(series, evidence)) {
      history.episodes.push_back(episode);
    }
  }
  std::vector<AlertHistory> out;
  for (auto& [name, history] : histories) {
    history.episodes = merged(std::move(history.episodes));
    add_people(history.episodes, name, evidence);
    out.push_back(std::move(history));
  }
  return out;
}

AlertFigures alert_figures(const AlertHistory& history) {
  AlertFigures out;
  std::vector<double> fire;
  std::vector<double> notify;
  std::vector<double> acknowledge;
  std::vector<double> resolve;
  for (const Episode& episode : history.episodes) {
    ++out.fired;
    if (episode.labelled_false) ++out.labelled_false;
    if (episode.condition < episode.fired) fire.push_back(episode.fired - episode.condition);
    if (episode.notified) notify.push_back(*episode.notified - episode.fired);
    if (episode.acknowledged) {
      ++out.acknowledged;
      acknowledge.push_back(*episode.acknowledged - episode.fired);
    }
    if (episode.lasted()) resolve.push_back(*episode.lasted());
  }
  out.to_fire = median(fire);
  out.to_notify = median(notify);
  out.to_acknowledge = median(acknowledge);
  out.to_resolve = median(resolve);
  return out;
}

std::string alert_advice(const AlertHistory& history) {
  const AlertFigures figures = alert_figures(history);
  if (figures.fired == 0) return "silent this week";
  if (history.rule.expression.empty()) return "its rule is gone; nothing to tune";
  // How much longer `for` would have to be to keep the false ones silent, and what that costs.
  if (figures.labelled_false * 2 >= figures.fired && figures.labelled_false > 0) {
    double longest = 0;
    bool open = false;
    for (const Episode& episode : history.episodes) {
      if (!episode.labelled_false) continue;
      open = open || !episode.lasted();
      longest = std::max(longest, episode.lasted().value_or(0));
    }
    const auto lost = std::count_if(
        history.episodes.begin(), history.episodes.end(), [&](const Episode& episode) {
          return !episode.labelled_false && episode.lasted() && *episode.lasted() <= longest;
        });
    const std::string said =
        fmt::format("{} of {} were false: ", figures.labelled_false, figures.fired);
    if (open || lost > 0) {
      return said + "raise its threshold; a longer `for` would also silence true ones";
    }
    return said + fmt::format("a `for` of {} would have kept them silent, and no true one",
                              span_text(static_cast<double>(history.rule.hold.count()) + longest));
  }
  if (figures.fired >= kOften && figures.to_resolve && *figures.to_resolve < kBrief) {
    return fmt::format("flaps: {} times, half of them shorter than {}; add keep_firing_for: {}",
                       figures.fired, span_text(*figures.to_resolve),
                       span_text(std::max(kBrief, 2 * *figures.to_resolve)));
  }
  if (history.rule.severity == "critical" && figures.acknowledged == 0) {
    return "nobody took it up: is it worth waking somebody? Else lower its severity";
  }
  if (history.rule.severity == "critical" && figures.to_acknowledge &&
      *figures.to_acknowledge > 15 * 60) {
    return fmt::format("taken up after {}: look at who is called, and how",
                       span_text(*figures.to_acknowledge));
  }
  return "fits";
}

}  // namespace testgen::operations
