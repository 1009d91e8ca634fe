#include "app/command_line/positionals.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/values.h"

namespace testgen::app {

base::Status refuse_positionals(const Command& command, const Words& words) {
  if (words.positionals.empty()) return {};
  return usage_error(fmt::format("{} does not take \"{}\"", command.name, words.positionals[0]),
                     fmt::format("`testgen help {}` shows what it takes", command.name));
}

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

base::Result<std::string> take_name(const Command& command, const std::string& verb, Words& words) {
  if (words.positionals.empty()) {
    return usage_error(fmt::format("{} {} needs a name", command.name, verb),
                       fmt::format("write `testgen {} {} NAME`", command.name, verb));
  }
  std::string name = words.positionals.front();
  words.positionals.erase(words.positionals.begin());
  return name;
}

}  // namespace testgen::app
