// Puts the settings together: a flag wins over a variable, a variable over the files, a file over
// the default. Every value is checked, whoever gave it, and an error says what was wrong,
// where it was written and what is allowed. Pure: the caller brings the texts.
#pragma once

#include <filesystem>
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

struct SettingsFile {
  std::string name;              // for messages
  bool trusted = false;          // the user's own or one given by --config; not found in a project
  std::filesystem::path folder;  // where paths in it start; empty: where the program runs
  std::vector<FileEntry> entries;
};

struct Sources {
  std::map<std::string, std::string, std::less<>> flags;                 // setting's name → text
  std::map<std::string, std::vector<std::string>, std::less<>> lists;    // flags given repeatedly
  std::function<std::optional<std::string>(std::string_view)> variable;  // nothing: not set
  std::vector<SettingsFile> files;                                       // an earlier one wins
};

struct Resolved {
  Settings settings;
  // Setting's name → "--budget", "TESTGEN_BUDGET", ".testgen.yaml:3" or "default".
  std::map<std::string, std::string, std::less<>> origins;
  // Setting's name → the text that won, a list as "[a, b]"; a secret is shown as "(hidden)".
  std::map<std::string, std::string, std::less<>> texts;
};

[[nodiscard]] base::Result<Resolved> resolve(const Sources& sources);

// Everything that is wrong, also where something else wins: flags and variables first, then each
// file from its first line to its last.
[[nodiscard]] std::vector<base::Error> find_faults(const Sources& sources);

}  // namespace testgen::config
