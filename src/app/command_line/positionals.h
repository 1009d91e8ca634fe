// What is left of a command's words when its flags are gone: a verb, a name, files. The errors say
// what the command takes.
#pragma once

#include <string>

#include "app/command_line/words.h"

namespace testgen::app {

[[nodiscard]] base::Status refuse_positionals(const Command& command, const Words& words);
// The first word of a command that has verbs.
[[nodiscard]] base::Result<std::string> take_verb(const Command& command, Words& words);
// The one argument that follows a verb.
[[nodiscard]] base::Result<std::string> take_name(const Command& command, const std::string& verb,
                                                  Words& words);

}  // namespace testgen::app
