#include "app/drills/drill_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "app/drills/attribution.h"
#include "app/drills/load.h"
#include "app/drills/monitoring.h"
#include "base/clock.h"
#include "base/strings.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;
using base::Status;

constexpr std::chrono::milliseconds kPoll{100};
// Not every change of another alert is told of, so what can account for a message need not: after
// this time it is taken for ours, and said so.
constexpr std::chrono::seconds kDoubt{10};

class Drill {
 public:
  Drill(const DrillSpec& spec, const DrillSettings& settings)
      : spec_(spec),
        settings_(settings),
        alert_(spec.alert),
        monitoring_(settings.fault.prometheus, settings.fault.alertmanager) {
    result_.alert = alert_;
    result_.severity = std::string(spec.severity);
  }

  base::Result<DrillResult> run() {
    TG_ASSIGN(const bool already, monitoring_.firing(alert_));
    if (already) {
      return Error{ErrorCode::Conflict, alert_ + " fires already", "mend that first"};
    }
    TG_ASSIGN(receivers_, monitoring_.receivers());
    TG_ASSIGN(before_, monitoring_.sent());
    attribution_.emplace(alert_, receivers_, clock_.wall_now());
    TG_TRY(watch());
    settings_.tell(fmt::format(
        "{}: {}", alert_,
        settings_.fault.instead ? service::name_of(*settings_.fault.instead) : spec_.what));
    const base::SteadyTime begun = clock_.steady_now();
    TG_ASSIGN(auto fault, break_something(spec_.fault, settings_.fault));
    std::optional<Load> load(std::in_place, spec_.load, settings_.fault.service);
    TG_TRY(wait("it to fire", [&] { return fires(); }));
    result_.to_fire = since(begun);
    settings_.tell(fmt::format("{}: fires after {:.1f} s", alert_, result_.to_fire));
    TG_TRY(wait("its notifications", [&] { return notified(begun); }));
    load.reset();
    const base::SteadyTime lifted = clock_.steady_now();
    TG_TRY(fault->lift());
    TG_TRY(wait("it to resolve", [&] { return gone(); }));
    result_.to_resolve = since(lifted);
    settings_.tell(
        fmt::format("{}: resolved {:.1f} s after the repair", alert_, result_.to_resolve));
    return result_;
  }

 private:
  double since(base::SteadyTime begun) const {
    return std::chrono::duration<double>(clock_.steady_now() - begun).count();
  }

  // `ready` gives a Result of bool. One that fails is asked again: servers may be busy as well.
  template <class Ready>
  Status wait(std::string_view what, const Ready& ready) {
    const base::SteadyTime deadline = clock_.steady_now() + settings_.timeout;
    std::string last;
    while (clock_.steady_now() < deadline) {
      const base::Result<bool> answer = ready();
      if (answer && *answer) return {};
      last = answer ? "" : answer.error().message;
      std::this_thread::sleep_for(kPoll);
    }
    return Error{ErrorCode::Timeout, fmt::format("{}: waited in vain for {}", alert_, what),
                 last.empty() ? missing_ : last};
  }

  Status watch() {
    TG_ASSIGN(const auto groups, monitoring_.groups());
    attribution_->observe(groups);
    return {};
  }

  base::Result<bool> fires() {
    TG_TRY(watch());
    return monitoring_.firing(alert_);
  }

  // By what it is to be told: every integration of every receiver that Alertmanager has for it.
  // With each those that share a receiver with it.
  base::Result<std::map<std::string, std::set<std::string>>> integrations() {
    TG_ASSIGN(const auto names, monitoring_.receivers_of(alert_));
    std::map<std::string, std::set<std::string>> out;
    for (const std::string& name : names) {
      if (name == kOwnHook) continue;
      const auto found = receivers_.find(name);
      if (found == receivers_.end()) continue;
      for (const auto& [integration, senders] : found->second) {
        for (const auto& [other, its_senders] : found->second) out[integration].insert(other);
      }
    }
    return out;
  }

  struct Arrived {
    double all = 0;
    double failed = 0;
  };
  Arrived arrived_since_before(const std::map<std::string, Monitoring::Sent>& now,
                               const std::string& integration) {
    const auto at = now.find(integration);
    const Monitoring::Sent& old = before_[integration];
    const Monitoring::Sent seen = at == now.end() ? old : at->second;
    const double failed = seen.failed - old.failed;
    return {seen.all - old.all - failed, failed};
  }

  // Each has sent more than other alerts can account for, or sent something when another of the
  // same receiver certainly has: Alertmanager tells a group to all of a receiver's at once. Groups
  // are looked at after the counters: whatever was counted is a group by then.
  base::Result<bool> notified(base::SteadyTime begun) {
    TG_ASSIGN(const auto wanted, integrations());
    TG_ASSIGN(const auto now, monitoring_.sent());
    TG_TRY(watch());
    for (const auto& [integration, siblings] : wanted) {
      const Arrived arrived = arrived_since_before(now, integration);
      if (arrived.all > attribution_->others(integration)) certain_.insert(integration);
    }
    std::vector<std::string> missing;
    for (const auto& [integration, siblings] : wanted) {
      if (result_.to_notify.contains(integration)) continue;
      const Arrived arrived = arrived_since_before(now, integration);
      const bool with_another =
          arrived.all > 0 && arrived.failed == 0 &&
          std::any_of(siblings.begin(), siblings.end(),
                      [&](const std::string& other) { return certain_.contains(other); });
      if (certain_.contains(integration) || with_another) {
        note_told(integration, begun, "");
      } else if (arrived.all > 0 && doubted_for(integration) > kDoubt) {
        note_told(integration, begun,
                  fmt::format(", unless that was {}", about_others(integration)));
      } else {
        missing.push_back(why_not(integration, arrived.all, arrived.failed));
      }
    }
    missing_ = missing.empty() ? "" : "not told yet: " + base::join(missing, ", ");
    return !wanted.empty() && missing.empty();
  }

  void note_told(const std::string& integration, base::SteadyTime begun, std::string_view doubt) {
    result_.to_notify[integration] = since(begun);
    settings_.tell(fmt::format("{}: told by {} after {:.1f} s{}", alert_, integration,
                               result_.to_notify[integration], doubt));
  }

  // Since the first message that may have been about another alert.
  base::SteadyTime::duration doubted_for(const std::string& integration) {
    const base::SteadyTime now = clock_.steady_now();
    return now - doubted_.try_emplace(integration, now).first->second;
  }

  std::string about_others(const std::string& integration) const {
    const std::set<std::string> others = attribution_->names(integration);
    return "about " + base::join({others.begin(), others.end()}, " and ");
  }

  std::string why_not(const std::string& integration, double arrived, double failed) const {
    if (failed > 0) return integration + ", which refused something";
    if (arrived == 0) return integration;
    return fmt::format("{}, whose messages may have been {}", integration,
                       about_others(integration));
  }

  base::Result<bool> gone() {
    TG_ASSIGN(const bool firing, monitoring_.firing(alert_));
    if (firing) return false;
    TG_ASSIGN(const auto receivers, monitoring_.receivers_of(alert_));
    return receivers.empty();
  }

  const DrillSpec& spec_;
  const DrillSettings& settings_;
  const std::string alert_;
  base::SystemClock clock_;
  Monitoring monitoring_;
  Receivers receivers_;
  std::map<std::string, Monitoring::Sent> before_;
  std::optional<Attribution> attribution_;  // from the moment of before_
  std::set<std::string> certain_;  // integrations that have sent more than others account for
  std::map<std::string, base::SteadyTime> doubted_;  // since when
  std::string missing_;
  DrillResult result_;
};

}  // namespace

base::Result<DrillResult> run_drill(const DrillSpec& drill, const DrillSettings& settings) {
  return Drill(drill, settings).run();
}

}  // namespace testgen::app
