// Puts the settings together: a flag wins over a variable, a variable over the file, the file
// over the default. Every value is checked, whoever gave it, and an error says what was wrong,
// where it was written and what is allowed. Pure: the caller brings the texts.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "config/settings_file.h"

namespace testgen::config {

struct Sources {
  std::map<std::string, std::string, std::less<>> flags;                 // setting's name → text
  std::function<std::optional<std::string>(std::string_view)> variable;  // nothing: not set
  std::string file_name;                                                 // for messages
  bool file_is_named = false;  // given by --config, not found
  std::vector<FileEntry> file;
};

struct Resolved {
  Settings settings;
  // Setting's name → "--budget", "TESTGEN_BUDGET", ".testgen.yaml:3" or "default".
  std::map<std::string, std::string, std::less<>> origins;
  // Setting's name → the text that won; a secret is shown as "(hidden)".
  std::map<std::string, std::string, std::less<>> texts;
};

[[nodiscard]] base::Result<Resolved> resolve(const Sources& sources);

}  // namespace testgen::config
