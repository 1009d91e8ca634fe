// Alertmanager counts what it sends by integration ("slack") and not by alert. This watches the
// groups it forms and tells how many of what was counted may have been about other alerts: what is
// beyond that can only be about the drilled one. Errs on the side of "not told". One drill's own.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace testgen::app {

// The receiver that is the service itself, as the shipped routes name it. A drill breaks the
// service, so it does not wait for this one.
inline constexpr std::string_view kOwnHook = "testgen-hook";

// What Alertmanager's own configuration tells by, of one receiver: {"slack": {2, 1}}.
struct Senders {
  unsigned all = 0;
  unsigned of_the_end = 0;  // of these, those that tell when an alert ends

  bool operator==(const Senders&) const = default;
};
using Receivers = std::map<std::string, std::map<std::string, Senders>>;

// Alerts that one receiver is told of together.
struct AlertGroup {
  std::string receiver;
  std::string labels;            // what the group has in common, as text
  std::set<std::string> firing;  // fingerprints that are told of
  std::set<std::string> muted;   // silenced or inhibited ones
  std::set<std::string> names;   // of the alerts
  base::WallTime newest;         // when the youngest began
};

class Attribution {
 public:
  Attribution(std::string alert, Receivers receivers, base::WallTime now)
      : alert_(std::move(alert)), receivers_(std::move(receivers)), begun_(now) {}

  // All groups there are; often, from the moment on at which counting began.
  void observe(const std::vector<AlertGroup>& groups);
  // How many notifications by that integration may have been about others.
  [[nodiscard]] unsigned others(const std::string& integration) const;
  // The alerts those were, for people.
  [[nodiscard]] std::set<std::string> names(const std::string& integration) const;

 private:
  struct Seen {
    std::set<std::string> firing;
    std::set<std::string> muted;
    std::set<std::string> names;
  };
  void note(const std::string& receiver, bool began, const std::set<std::string>& names);

  const std::string alert_;
  const Receivers receivers_;
  const base::WallTime begun_;
  bool first_ = true;
  std::map<std::string, Seen> seen_;  // by receiver, labels and place among those of the same
  std::map<std::string, unsigned> others_;
  std::map<std::string, std::set<std::string>> names_;
};

}  // namespace testgen::app
