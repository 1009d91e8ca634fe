// The table of commands and the texts of --help. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::app {

// A flag with a value that belongs to one command alone, and is no setting: neither a file nor a
// variable holds it.
struct OwnOption {
  std::string_view flag;  // "--where"
  std::string_view placeholder;
  std::string_view help;
  std::vector<std::string_view> choices;  // empty: any text
};

struct Command {
  std::string_view name;
  std::string_view usage;    // after "testgen <name> "
  std::string_view summary;  // one line
  std::string_view text;     // paragraphs of the command's own help
  unsigned settings = 0;     // config::Command bit; 0: takes no settings
  std::vector<std::pair<std::string_view, std::string_view>> own_flags;  // flag, what it does
  std::vector<OwnOption> own_options;
  bool takes_files = false;
  std::vector<std::string_view> words;  // what its one argument can be, when it is no file
};

[[nodiscard]] std::span<const Command> commands();
[[nodiscard]] const Command* find_command(std::string_view name);

// What the program does, in paragraphs.
[[nodiscard]] std::string_view program_description();
[[nodiscard]] std::string general_help();
[[nodiscard]] std::string command_help(const Command& command);

}  // namespace testgen::app
