// The settings that a command runs with: its flags, then variables, then the project's file and the
// user's own. Reads files; does nothing else.
#pragma once

#include <filesystem>

#include "app/cli.h"
#include "app/command_line/words.h"
#include "config/resolve.h"

namespace testgen::app {

[[nodiscard]] base::Result<config::Sources> settings_sources(const Words& words,
                                                             const Surroundings& surroundings);
[[nodiscard]] base::Result<config::Resolved> resolve_settings(const Words& words,
                                                              const Surroundings& surroundings);
// Where the XDG base directories have what can be made again. Nothing for users without a home.
[[nodiscard]] std::filesystem::path scan_cache_folder(const Surroundings& surroundings);

}  // namespace testgen::app
