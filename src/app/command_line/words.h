// The words of one command, split into flags, values and the rest. What flags there are, and what
// values mean, is the settings table's and the command's. Plain data.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/help.h"
#include "base/result.h"

namespace testgen::app {

struct Words {
  std::map<std::string, std::string, std::less<>> settings;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
  std::set<std::string, std::less<>> own_flags;
  std::map<std::string, std::string, std::less<>> own_values;  // of own_options, "--where"
  std::vector<std::string> positionals;
  bool help = false;
};

// `words` are without the command's name.
[[nodiscard]] base::Result<Words> split_words(const Command& command,
                                              std::vector<std::string> words);

[[nodiscard]] base::Error usage_error(std::string message, std::string hint);

}  // namespace testgen::app
