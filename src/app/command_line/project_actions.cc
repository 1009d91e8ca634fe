#include "app/command_line/actions.h"
#include "app/command_line/positionals.h"
#include "app/command_line/settings_of_words.h"

namespace testgen::app {
namespace {

constexpr const char* kBaselineUsage =
    "write `testgen scan baseline create PATH… --baseline FILE`, `testgen scan baseline audit "
    "[FINGERPRINT true|false REASON] --baseline FILE` or `testgen scan baseline stats --baseline "
    "FILE`; a folder of that name is ./baseline";

}  // namespace

base::Result<Action> config_action(const Command& command, Words words,
                                   const Surroundings& surroundings) {
  using What = ShowConfig::What;
  TG_ASSIGN(const std::string verb, take_verb(command, words));
  TG_TRY(refuse_positionals(command, words));
  ShowConfig action;
  action.what = verb == "schema" ? What::Schema : verb == "check" ? What::Check : What::Print;
  if (words.own_flags.contains("--markdown")) action.what = What::Page;
  if (action.what == What::Schema || action.what == What::Page) return Action(std::move(action));
  TG_ASSIGN(const config::Sources sources, settings_sources(words, surroundings));
  for (const config::SettingsFile& file : sources.files) action.files.push_back(file.name);
  if (action.what == What::Check) action.faults = config::find_faults(sources);
  if (!action.faults.empty()) return Action(std::move(action));
  TG_ASSIGN(action.resolved, config::resolve(sources));
  return Action(std::move(action));
}

base::Result<Action> rules_action(const Words& words, const Surroundings& surroundings) {
  const std::vector<std::string>& given = words.positionals;
  const std::string what = given.empty() ? "" : given[0];
  const bool fits = (what == "list" && given.size() == 1) ||
                    ((what == "show" || what == "new") && given.size() == 2) ||
                    (what == "test" && given.size() <= 2);
  if (!fits) {
    return usage_error("rules needs to know what to do",
                       "write `testgen rules list`, `testgen rules show ID`, `testgen rules "
                       "test` or `testgen rules new ID`");
  }
  Words flags = words;
  flags.positionals.clear();
  TG_ASSIGN(config::Resolved resolved, resolve_settings(flags, surroundings));
  return Action(
      RulesCommand{std::move(resolved.settings), what, given.size() == 2 ? given[1] : ""});
}

base::Result<Action> baseline_action(const Words& words, config::Settings settings,
                                     std::filesystem::path cache) {
  const std::vector<std::string>& given = words.positionals;
  const std::string verb = given.size() < 2 ? "" : given[1];
  const bool labels = verb == "audit" && given.size() >= 5;
  const bool fits = (verb == "create" && given.size() > 2) || labels ||
                    ((verb == "audit" || verb == "stats") && given.size() == 2);
  if (!fits || settings.baseline.empty()) {
    return usage_error(settings.baseline.empty() ? "scan baseline needs to know the file"
                                                 : "scan baseline needs to know what to do",
                       kBaselineUsage);
  }
  if (verb == "create") {
    settings.write_baseline = settings.baseline;
    std::error_code failure;
    if (!std::filesystem::exists(settings.baseline, failure)) settings.baseline.clear();
    return Action(Scan{std::move(settings), {given.begin() + 2, given.end()}, std::move(cache)});
  }
  BaselineCommand action{std::move(settings), verb, "", false, ""};
  if (labels) {
    if (given[3] != "true" && given[3] != "false") {
      return usage_error("\"" + given[3] + "\" is neither true nor false", kBaselineUsage);
    }
    action.fingerprint = given[2];
    action.label = given[3] == "true";
    for (std::size_t i = 4; i < given.size(); ++i) {
      action.reason += (i == 4 ? "" : " ") + given[i];
    }
  }
  return Action(std::move(action));
}

}  // namespace testgen::app
