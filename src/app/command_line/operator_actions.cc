#include <fmt/format.h>

#include "app/command_line/actions.h"
#include "app/command_line/positionals.h"
#include "app/command_line/settings_of_words.h"
#include "base/strings.h"
#include "config/values.h"

namespace testgen::app {
namespace {

// The rest of `keys`, `env` and `drill`: a name where the verb is about one, and the settings.
template <class Named>
base::Result<Action> with_name(const Command& command, const std::string& verb, Words& words,
                               const Surroundings& surroundings, Named action, bool about_one) {
  if (about_one) {
    TG_ASSIGN(action.name, take_name(command, verb, words));
  }
  TG_TRY(refuse_positionals(command, words));
  TG_ASSIGN(config::Resolved resolved, resolve_settings(words, surroundings));
  action.settings = std::move(resolved.settings);
  return Action(std::move(action));
}

// A duration that an own option holds, within bounds.
base::Result<std::chrono::milliseconds> own_duration(const Words& words, const std::string& flag,
                                                     std::chrono::milliseconds otherwise) {
  const auto given = words.own_values.find(flag);
  if (given == words.own_values.end()) return otherwise;
  auto parsed = config::parse_duration(given->second);
  if (!parsed) return usage_error(flag + ": " + parsed.error().message, parsed.error().hint);
  if (*parsed < std::chrono::milliseconds(100) || *parsed > std::chrono::minutes(10)) {
    return usage_error(fmt::format("{} cannot be {}", flag, given->second),
                       "allowed: 100ms to 10m");
  }
  return *parsed;
}

}  // namespace

base::Result<Action> keys_action(const Command& command, Words words,
                                 const Surroundings& surroundings) {
  using Verb = Keys::Verb;
  TG_ASSIGN(const std::string verb, take_verb(command, words));
  Keys action;
  action.verb = verb == "create" ? Verb::Create : verb == "revoke" ? Verb::Revoke : Verb::List;
  const bool about_one = action.verb != Verb::List;
  return with_name(command, verb, words, surroundings, std::move(action), about_one);
}

base::Result<Action> env_action(const Command& command, Words words,
                                const Surroundings& surroundings) {
  using Verb = Env::Verb;
  TG_ASSIGN(const std::string verb, take_verb(command, words));
  Env action;
  action.verb = verb == "create" ? Verb::Create : verb == "remove" ? Verb::Remove : Verb::List;
  const bool about_one = action.verb != Verb::List;
  return with_name(command, verb, words, surroundings, std::move(action), about_one);
}

base::Result<Action> drill_action(const Command& command, Words words,
                                  const Surroundings& surroundings) {
  using Verb = Drill::Verb;
  TG_ASSIGN(const std::string verb, take_verb(command, words));
  Drill action;
  action.verb = verb == "run" ? Verb::Run : verb == "all" ? Verb::All : Verb::List;
  const bool about_one = action.verb == Verb::Run;
  if (words.own_values.contains("--fault")) action.fault = words.own_values.at("--fault");
  return with_name(command, verb, words, surroundings, std::move(action), about_one);
}

base::Result<Action> ops_action(const Command& command, Words words,
                                const Surroundings& surroundings) {
  using What = Ops::What;
  TG_ASSIGN(const std::string verb, take_verb(command, words));
  TG_TRY(refuse_positionals(command, words));
  TG_ASSIGN(config::Resolved resolved, resolve_settings(words, surroundings));
  Ops action{std::move(resolved.settings)};
  action.what = verb == "daily" ? What::Daily : verb == "weekly" ? What::Weekly : What::Queries;
  if (const auto format = words.own_values.find("--format"); format != words.own_values.end()) {
    action.format = format->second;
  }
  if (const auto log = words.own_values.find("--log"); log != words.own_values.end()) {
    action.log = log->second;
  }
  return Action(std::move(action));
}

base::Result<Action> doctor_action(const Command& command, Words words,
                                   const Surroundings& surroundings) {
  Doctor action;
  if (!words.positionals.empty()) {
    TG_ASSIGN(action.what, take_verb(command, words));
  } else if (!words.own_values.empty()) {
    return usage_error(words.own_values.begin()->first + " is about a running service",
                       "write `testgen doctor service` and the flag");
  }
  TG_TRY(refuse_positionals(command, words));
  TG_ASSIGN(action.watch, own_duration(words, "--watch", action.watch));
  if (const auto format = words.own_values.find("--format"); format != words.own_values.end()) {
    action.format = format->second;
  }
  TG_ASSIGN(config::Resolved resolved, resolve_settings(words, surroundings));
  action.settings = std::move(resolved.settings);
  return Action(std::move(action));
}

base::Result<Action> top_action(const Words& words, const Surroundings& surroundings) {
  Top action;
  TG_ASSIGN(action.interval, own_duration(words, "--interval", action.interval));
  action.once = words.own_flags.contains("--once");
  TG_ASSIGN(config::Resolved resolved, resolve_settings(words, surroundings));
  action.settings = std::move(resolved.settings);
  return Action(std::move(action));
}

base::Result<Action> logs_action(Words words) {
  Logs action;
  action.paths = std::move(words.positionals);
  action.follow = words.own_flags.contains("--follow");
  action.rotated = words.own_flags.contains("--rotated");
  for (const auto& [flag, value] : words.own_values) {
    if (flag == "--where") action.where = value;
    if (flag == "--format") action.format = value;
    if (flag != "--fields") continue;
    for (const std::string& field : base::split(value, ',')) {
      if (!base::trim(field).empty()) action.fields.emplace_back(base::trim(field));
    }
  }
  return Action(std::move(action));
}

}  // namespace testgen::app
