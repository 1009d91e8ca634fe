#include "app/drills/attribution.h"

#include <algorithm>

namespace testgen::app {
namespace {

// A group that has not changed for so long has been told of: longer than anybody lets groups wait.
constexpr std::chrono::minutes kSettled{10};

bool within(const std::set<std::string>& inner, const std::set<std::string>& outer) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

std::set<std::string> without(const std::set<std::string>& all, const std::set<std::string>& some) {
  std::set<std::string> rest;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(),
                      std::inserter(rest, rest.end()));
  return rest;
}

}  // namespace

// Between two notifications of a group something must have changed, and each change may have been
// one notification. What is silenced or inhibited is not told of, neither as begun nor as ended.
void Attribution::observe(const std::vector<AlertGroup>& groups) {
  std::map<std::string, Seen> now;
  for (const AlertGroup& group : groups) {
    // The service's own hook hears of the drilled alert as well, and nobody waits for that.
    if (group.names.contains(alert_) && group.receiver != kOwnHook) continue;
    std::string key = group.receiver + "\n" + group.labels;
    while (now.contains(key)) key += '+';
    now[key] = {group.firing, group.muted, group.names};
    const auto before = seen_.find(key);
    if (before == seen_.end()) {
      const bool told_long_ago = first_ && group.newest < begun_ - kSettled;
      if (!group.firing.empty() && !told_long_ago) note(group.receiver, true, group.names);
      continue;
    }
    const Seen& old = before->second;
    const bool began = !within(group.firing, old.firing);
    const bool ended = !without(without(old.firing, group.firing), group.muted).empty();
    if (began || ended) note(group.receiver, began, group.names);
  }
  for (const auto& [key, old] : seen_) {
    if (now.contains(key) || old.firing.empty()) continue;
    note(key.substr(0, key.find('\n')), false, old.names);
  }
  seen_ = std::move(now);
  first_ = false;
}

void Attribution::note(const std::string& receiver, bool began,
                       const std::set<std::string>& names) {
  const auto found = receivers_.find(receiver);
  if (found == receivers_.end()) return;
  for (const auto& [integration, senders] : found->second) {
    const unsigned sent = began ? senders.all : senders.of_the_end;
    if (sent == 0) continue;
    others_[integration] += sent;
    names_[integration].insert(names.begin(), names.end());
  }
}

unsigned Attribution::others(const std::string& integration) const {
  const auto found = others_.find(integration);
  return found == others_.end() ? 0 : found->second;
}

std::set<std::string> Attribution::names(const std::string& integration) const {
  const auto found = names_.find(integration);
  return found == names_.end() ? std::set<std::string>() : found->second;
}

}  // namespace testgen::app
