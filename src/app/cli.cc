// The only file that sees CLI11, whose header is slow to compile. It does the splitting of words
// into flags and values; what flags there are, and what values mean, is the settings table's.
#include "app/cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "app/completion.h"
#include "app/help.h"
#include "app/man_page.h"
#include "app/scan_flags.h"
#include "app/version.h"
#include "base/strings.h"
#include "config/settings_table.h"
#include "config/values.h"
#include "telemetry/slo/burn_rate_rules.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;

constexpr const char* kSeeHelp = "`testgen help` lists the commands";

Error usage_error(std::string message, std::string hint) {
  return Error{ErrorCode::InvalidArgument, std::move(message), std::move(hint)};
}

// What CLI11 found for one command.
struct Words {
  std::map<std::string, std::string, std::less<>> settings;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
  std::set<std::string, std::less<>> own_flags;
  std::map<std::string, std::string, std::less<>> own_values;  // of own_options, "--where"
  std::vector<std::string> positionals;
  bool help = false;
};

std::string flag_names(const config::Setting& setting) {
  std::string names = "--" + std::string(setting.name);
  if (setting.letter != 0) names += fmt::format(",-{}", setting.letter);
  return names;
}

Error unknown_flag(const Command& command, const std::string& word) {
  const std::string flag = word.substr(0, word.find('='));
  std::string message = fmt::format("{} has no flag {}", command.name, flag);
  const std::string name = flag.substr(std::min(flag.find_first_not_of('-'), flag.size()));
  if (const config::Setting* other = config::find_setting(name);
      other != nullptr && other->commands != 0) {
    return usage_error(std::move(message), "it belongs to other commands; see `testgen help`");
  }
  std::vector<std::string> spelled = {"--help"};
  for (const config::Setting& setting : config::settings_table()) {
    if ((setting.commands & command.settings) != 0)
      spelled.push_back("--" + std::string(setting.name));
  }
  for (const auto& [own, help] : command.own_flags) spelled.emplace_back(own);
  for (const OwnOption& own : command.own_options) spelled.emplace_back(own.flag);
  const std::vector<std::string_view> known(spelled.begin(), spelled.end());
  std::string hint = config::did_you_mean(flag, known);
  if (hint.empty()) hint = fmt::format("`testgen help {}` lists them", command.name);
  return usage_error(std::move(message), std::move(hint));
}

base::Status check_choice(const OwnOption& own, const std::string& value) {
  const std::vector<std::string_view>& known = own.choices;
  if (known.empty() || std::find(known.begin(), known.end(), value) != known.end()) return {};
  std::string hint = "allowed: ";
  for (const std::string_view choice : known) {
    hint += (choice == known.front() ? "" : ", ") + std::string(choice);
  }
  if (const std::string guess = config::did_you_mean(value, known); !guess.empty()) {
    hint += "; " + guess;
  }
  return usage_error(fmt::format("{} cannot be \"{}\"", own.flag, value), std::move(hint));
}

base::Result<Words> split_words(const Command& command, std::vector<std::string> words) {
  Words out;
  CLI::App parser;
  parser.set_help_flag();
  parser.allow_extras();
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, bool> switches;
  parser.add_flag("--help,-h", out.help);
  for (const config::Setting& setting : config::settings_table()) {
    if ((setting.commands & command.settings) == 0) continue;
    const std::string name(setting.name);
    if (setting.kind == config::Kind::Switch) {
      parser.add_flag(flag_names(setting), switches[name]);
    } else if (setting.kind == config::Kind::List) {
      // One value each time it is given, so that files may follow it.
      parser.add_option(flag_names(setting), lists[name])->allow_extra_args(false);
    } else {
      // A flag given twice: the later one counts, as a script's "$@" after its own flags expects.
      parser.add_option(flag_names(setting), values[name])->take_last();
    }
  }
  for (const auto& [flag, help] : command.own_flags) {
    parser.add_flag(std::string(flag), switches[std::string(flag)]);
  }
  for (const OwnOption& own : command.own_options) {
    parser.add_option(std::string(own.flag), out.own_values[std::string(own.flag)])->take_last();
  }
  // CLI11 cannot tell flags it does not know from files after "--", so these stay out of it.
  const auto dashes = std::find(words.begin(), words.end(), "--");
  const std::vector<std::string> files(dashes == words.end() ? dashes : dashes + 1, words.end());
  words.erase(dashes, words.end());
  std::reverse(words.begin(), words.end());  // the order CLI11 takes them in
  try {
    parser.parse(words);
  } catch (const CLI::ParseError& problem) {
    // "--budget: 1 required TEXT missing" and the like: the flag is what helps.
    const std::string_view text = problem.what();
    const std::string_view flag = text.substr(0, text.find(':'));
    return usage_error(flag.starts_with("-") ? fmt::format("{} needs a value", flag)
                                             : fmt::format("{}: {}", command.name, text),
                       fmt::format("`testgen help {}` shows what it takes", command.name));
  }
  for (const std::string& word : parser.remaining()) {
    if (word.size() > 1 && word.front() == '-' && !out.help) return unknown_flag(command, word);
    out.positionals.push_back(word);
  }
  out.positionals.insert(out.positionals.end(), files.begin(), files.end());
  for (const OwnOption& own : command.own_options) {
    const auto given = out.own_values.find(own.flag);
    if (parser.count(std::string(own.flag)) == 0) {
      out.own_values.erase(given);
      continue;
    }
    TG_TRY(check_choice(own, given->second));
  }
  for (const auto& [name, value] : values) {
    if (parser.count("--" + name) > 0) out.settings[name] = value;
  }
  for (const auto& [name, items] : lists) {
    if (parser.count("--" + name) > 0) out.lists[name] = items;
  }
  for (const auto& [name, on] : switches) {
    if (name.front() == '-') {
      if (on) out.own_flags.insert(name);
    } else if (parser.count("--" + name) > 0) {
      out.settings[name] = on ? "true" : "false";  // --quiet=false undoes a variable
    }
  }
  return out;
}

// The file given by --config or, without one, the project's.
base::Status add_project_file(const Words& words, const Surroundings& surroundings,
                              config::Sources& sources) {
  std::string named;
  if (const auto flag = words.settings.find("config"); flag != words.settings.end()) {
    named = flag->second;
  } else if (surroundings.variable) {
    named = surroundings.variable(config::find_setting("config")->environment).value_or("");
  }
  config::SettingsFile file{.name = named, .trusted = !named.empty()};
  if (named.empty()) {
    const std::filesystem::path found = config::find_project_file(
        words.positionals.empty() ? "" : words.positionals.front(), surroundings.folder);
    if (found.empty()) return {};
    file.name = found.string();
    file.folder = found.parent_path();
  }
  TG_ASSIGN(file.entries,
            config::read_settings((surroundings.folder / file.name).lexically_normal()));
  sources.files.push_back(std::move(file));
  return {};
}

// The user's own, where the XDG base directories have it.
base::Status add_user_file(const Surroundings& surroundings, config::Sources& sources) {
  if (!surroundings.variable) return {};
  std::filesystem::path folder = surroundings.variable("XDG_CONFIG_HOME").value_or("");
  if (!folder.is_absolute()) {  // the specification asks for that
    const std::string home = surroundings.variable("HOME").value_or("");
    if (home.empty()) return {};
    folder = std::filesystem::path(home) / ".config";
  }
  config::SettingsFile file{.name = (folder / config::kUserFile).string(), .trusted = true};
  std::error_code ignored;
  if (!std::filesystem::exists(file.name, ignored)) return {};
  TG_ASSIGN(file.entries, config::read_settings(file.name));
  sources.files.push_back(std::move(file));
  return {};
}

// Where the XDG base directories have what can be made again. Nothing for users without a home.
std::filesystem::path scan_cache_folder(const Surroundings& surroundings) {
  namespace fs = std::filesystem;
  if (!surroundings.variable) return {};
  fs::path folder = surroundings.variable("XDG_CACHE_HOME").value_or("");
  if (!folder.is_absolute()) {
    const fs::path home = surroundings.variable("HOME").value_or("");
    std::error_code failure;
    if (home.empty() || !fs::is_directory(home, failure)) return {};
    folder = home / ".cache";
  }
  return folder / "testgen" / "scan";
}

base::Result<config::Sources> settings_sources(const Words& words,
                                               const Surroundings& surroundings) {
  config::Sources sources{
      .flags = words.settings, .lists = words.lists, .variable = surroundings.variable};
  TG_TRY(add_project_file(words, surroundings, sources));
  TG_TRY(add_user_file(surroundings, sources));
  return sources;
}

base::Result<config::Resolved> resolve_settings(const Words& words,
                                                const Surroundings& surroundings) {
  TG_ASSIGN(const config::Sources sources, settings_sources(words, surroundings));
  return config::resolve(sources);
}

base::Status refuse_positionals(const Command& command, const Words& words) {
  if (words.positionals.empty()) return {};
  return usage_error(fmt::format("{} does not take \"{}\"", command.name, words.positionals[0]),
                     fmt::format("`testgen help {}` shows what it takes", command.name));
}

// The first word of a command that has verbs.
base::Result<std::string> take_verb(const Command& command, Words& words) {
  const std::vector<std::string> known(command.words.begin(), command.words.end());
  const std::string usage = fmt::format("write `testgen {} {}`", command.name, command.usage);
  if (words.positionals.empty()) {
    return usage_error(fmt::format("{} needs to know what to do", command.name), usage);
  }
  std::string verb = words.positionals.front();
  if (std::find(known.begin(), known.end(), verb) == known.end()) {
    const std::string guess = config::did_you_mean(verb, command.words);
    return usage_error(fmt::format("{} cannot \"{}\"", command.name, verb),
                       guess.empty() ? usage : guess);
  }
  words.positionals.erase(words.positionals.begin());
  return verb;
}

// The one argument that follows a verb.
base::Result<std::string> take_name(const Command& command, const std::string& verb, Words& words) {
  if (words.positionals.empty()) {
    return usage_error(fmt::format("{} {} needs a name", command.name, verb),
                       fmt::format("write `testgen {} {} NAME`", command.name, verb));
  }
  std::string name = words.positionals.front();
  words.positionals.erase(words.positionals.begin());
  return name;
}

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

constexpr const char* kBaselineUsage =
    "write `testgen scan baseline create PATH… --baseline FILE`, `testgen scan baseline audit "
    "[FINGERPRINT true|false REASON] --baseline FILE` or `testgen scan baseline stats --baseline "
    "FILE`; a folder of that name is ./baseline";

// testgen scan baseline …: a folder of that name is scanned as ./baseline.
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

base::Result<Action> make_action(const Command& command, Words words,
                                 const Surroundings& surroundings) {
  if (words.help) return Action(PrintText{command_help(command)});
  if (command.name == "help") {
    if (words.positionals.empty()) return Action(PrintText{general_help()});
    const Command* topic = find_command(words.positionals[0]);
    if (topic != nullptr) return Action(PrintText{command_help(*topic)});
    std::vector<std::string_view> names;
    for (const Command& known : commands()) names.push_back(known.name);
    const std::string guess = config::did_you_mean(words.positionals[0], names);
    return usage_error(fmt::format("there is no command \"{}\"", words.positionals[0]),
                       guess.empty() ? kSeeHelp : guess);
  }
  if (command.name == "telemetry") {
    if (words.positionals.size() == 1 && words.positionals[0] == "schema") {
      return Action(TelemetrySchema{});
    }
    return usage_error("telemetry needs to know what to print",
                       "write `testgen telemetry schema --json`");
  }
  if (command.name == "slo") {
    TG_TRY(take_verb(command, words));
    TG_TRY(refuse_positionals(command, words));
    return Action(PrintText{telemetry::burn_rate_rules()});
  }
  if (command.name == "llm") {
    if (words.positionals.size() != 1 || words.positionals[0] != "check") {
      return usage_error("llm needs to know what to do", "write `testgen llm check`");
    }
    words.positionals.clear();
    TG_ASSIGN(config::Resolved resolved, resolve_settings(words, surroundings));
    return Action(LlmCheck{std::move(resolved.settings)});
  }
  if (command.name == "completion") {
    const std::string script =
        words.positionals.size() == 1 ? completion_script(words.positionals[0]) : "";
    if (!script.empty()) return Action(PrintText{script});
    return usage_error(words.positionals.size() == 1
                           ? fmt::format("there is no completion for \"{}\"", words.positionals[0])
                           : "completion needs the name of one shell",
                       "write `testgen completion bash`, zsh or fish");
  }
  if (command.name == "trace") {
    if (words.positionals.size() != 1) {
      return usage_error("trace needs the id of one trace",
                         "answers of the service carry it in the header traceparent");
    }
    TG_ASSIGN(config::Resolved resolved,
              resolve_settings({.settings = words.settings}, surroundings));
    return Action(Trace{std::move(resolved.settings), words.positionals[0]});
  }
  if (command.name == "config") return config_action(command, std::move(words), surroundings);
  if (command.name == "env") return env_action(command, std::move(words), surroundings);
  if (command.name == "keys") return keys_action(command, std::move(words), surroundings);
  if (command.name == "doctor") return doctor_action(command, std::move(words), surroundings);
  if (command.name == "ops") return ops_action(command, std::move(words), surroundings);
  if (command.name == "drill") return drill_action(command, std::move(words), surroundings);
  if (command.name == "rules") return rules_action(words, surroundings);
  if (!command.takes_files) TG_TRY(refuse_positionals(command, words));
  if (command.name == "logs") return logs_action(std::move(words));
  if (command.name == "top") return top_action(words, surroundings);
  if (command.name == "man") return Action(PrintText{man_page()});
  if (command.name == "version") return Action(PrintText{fmt::format("testgen {}\n", version())});

  TG_ASSIGN(config::Resolved resolved, resolve_settings(words, surroundings));
  if (command.name == "serve") {
    return Action(Serve{std::move(resolved), [words = std::move(words), surroundings] {
                          return resolve_settings(words, surroundings);
                        }});
  }
  if (command.name == "support-bundle") {
    SupportBundle action{std::move(resolved), ""};
    if (const auto output = words.own_values.find("--output"); output != words.own_values.end()) {
      action.output = output->second;
    }
    return Action(std::move(action));
  }
  if (words.positionals.empty()) {
    return usage_error(fmt::format("{} needs at least one file or folder", command.name),
                       fmt::format("such as `testgen {} calc.py`", command.name));
  }
  // Code is sent away only by who says so in so many words, not by a variable meant for others.
  if (resolved.origins["server"] != "--server") resolved.settings.server.clear();
  if (command.name == "scan") {
    TG_TRY(check_scan(resolved.settings, words.positionals[0] == "baseline"));
    std::filesystem::path cache;
    if (!resolved.settings.no_cache) cache = scan_cache_folder(surroundings);
    if (words.positionals[0] == "baseline") {
      return baseline_action(words, std::move(resolved.settings), std::move(cache));
    }
    return Action(
        Scan{std::move(resolved.settings), std::move(words.positionals), std::move(cache)});
  }
  if (command.name == "analyze") {
    return Action(Analyze{std::move(resolved.settings), std::move(words.positionals)});
  }
  if (!resolved.settings.server.empty() && resolved.origins["python"] == "--python") {
    return usage_error("--python: a service runs the code under a Python of its own",
                       "name one of its environments with --server-environment");
  }
  // A service has an engine of its own, unless somebody chose one for this run.
  if (!resolved.settings.server.empty() && resolved.origins["engine"] == "default") {
    resolved.settings.engine.clear();
  }
  return Action(Generate{std::move(resolved.settings), std::move(words.positionals)});
}

}  // namespace

Surroundings process_surroundings() {
  return {.variable = [](std::string_view name) -> std::optional<std::string> {
            const char* const text = std::getenv(std::string(name).c_str());
            return text == nullptr ? std::nullopt : std::optional<std::string>(text);
          },
          .folder = "."};
}

base::Result<Action> parse_command_line(const std::vector<std::string>& words,
                                        const Surroundings& surroundings) {
  if (words.empty()) return usage_error("a command is missing", kSeeHelp);
  std::string first = words[0];
  if (first == "--help" || first == "-h") first = "help";
  if (first == "--version" || first == "-V") first = "version";
  const Command* command = find_command(first);
  if (command == nullptr) {
    std::vector<std::string_view> names;
    for (const Command& known : commands()) names.push_back(known.name);
    const std::string guess = config::did_you_mean(first, names);
    return usage_error(first.front() == '-' ? fmt::format("{} must come after a command", first)
                                            : fmt::format("there is no command \"{}\"", first),
                       guess.empty() ? kSeeHelp : guess);
  }
  TG_ASSIGN(Words parsed, split_words(*command, {words.begin() + 1, words.end()}));
  return make_action(*command, std::move(parsed), surroundings);
}

}  // namespace testgen::app
