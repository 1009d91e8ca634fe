#include "app/cli.h"

#include <fmt/format.h>

#include <cstdlib>

#include "app/command_line/actions.h"
#include "app/command_line/positionals.h"
#include "app/command_line/settings_of_words.h"
#include "app/command_line/words.h"
#include "app/completion.h"
#include "app/help.h"
#include "app/man_page.h"
#include "app/scan_flags.h"
#include "app/version.h"
#include "config/values.h"
#include "telemetry/slo/burn_rate_rules.h"

namespace testgen::app {
namespace {

constexpr const char* kSeeHelp = "`testgen help` lists the commands";

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
