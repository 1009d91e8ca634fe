// How the alerts of a week behaved: each time one fired, from the series ALERTS and
// ALERTS_FOR_STATE; when somebody was told, from the service's log; when somebody took it up and
// whether it was called false, from silences. And what that says about its threshold. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "operations/sources/alertmanager.h"
#include "operations/sources/prometheus.h"

namespace testgen::operations {

// Seconds since the epoch.
struct Episode {
  double condition = 0;  // since when its expression held; `fired` when that is not known
  double fired = 0;
  std::optional<double> resolved;  // nothing while it still fires
  std::optional<double> notified;
  std::optional<double> acknowledged;
  bool labelled_false = false;
  [[nodiscard]] std::optional<double> lasted() const;
};

// A line `alert_received` of the service's log: Alertmanager's webhook came.
struct Notification {
  std::string alert;
  bool firing = true;
  double at = 0;
};

struct AlertHistory {
  AlertRule rule;  // of an alert whose rule is gone: only its name
  std::vector<Episode> episodes;
};

struct AlertEvidence {
  std::vector<AlertRule> rules;
  std::vector<Series> firing;   // ALERTS{alertstate="firing"}
  std::vector<Series> pending;  // ALERTS_FOR_STATE: its value is when the condition began
  std::vector<Silence> silences;
  std::vector<Notification> notifications;
  double step = 60;  // seconds between the points of `firing`
  double until = 0;  // the end of the week
};

// One history an alert, by name. Series of one alert that fire at the same time are one episode:
// they woke somebody once.
[[nodiscard]] std::vector<AlertHistory> alert_histories(const AlertEvidence& evidence);

struct AlertFigures {
  std::size_t fired = 0;
  std::size_t labelled_false = 0;
  std::size_t acknowledged = 0;
  std::optional<double> to_fire;         // medians, seconds: from the condition to firing
  std::optional<double> to_notify;       // from firing
  std::optional<double> to_acknowledge;  // from firing
  std::optional<double> to_resolve;      // from firing
};
[[nodiscard]] AlertFigures alert_figures(const AlertHistory& history);
[[nodiscard]] std::string alert_advice(const AlertHistory& history);

// The median of the seconds between two samples, which is how often rules are judged; 60 where
// there are none.
[[nodiscard]] double usual_step(const std::vector<Series>& series);

// "false positive: …" and the like, at the beginning of a silence's comment.
[[nodiscard]] bool calls_it_false(std::string_view comment);

}  // namespace testgen::operations
