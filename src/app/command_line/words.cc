// The only file that sees CLI11, whose header is slow to compile.
#include "app/command_line/words.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "config/settings_table.h"
#include "config/values.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;

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

}  // namespace

Error usage_error(std::string message, std::string hint) {
  return Error{ErrorCode::InvalidArgument, std::move(message), std::move(hint)};
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

}  // namespace testgen::app
