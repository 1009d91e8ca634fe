#include "app/command_line/settings_of_words.h"

#include "config/settings_table.h"

namespace testgen::app {
namespace {

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

}  // namespace

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

}  // namespace testgen::app
