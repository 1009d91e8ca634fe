// What the words of one command ask for, for the commands that have verbs or flags of their own.
// The errors are about usage.
#pragma once

#include <filesystem>

#include "app/cli.h"
#include "app/command_line/words.h"

namespace testgen::app {

// About a project: project_actions.cc.
[[nodiscard]] base::Result<Action> config_action(const Command& command, Words words,
                                                 const Surroundings& surroundings);
[[nodiscard]] base::Result<Action> rules_action(const Words& words,
                                                const Surroundings& surroundings);
// testgen scan baseline …: a folder of that name is scanned as ./baseline.
[[nodiscard]] base::Result<Action> baseline_action(const Words& words, config::Settings settings,
                                                   std::filesystem::path cache);

// About a service and its machine: operator_actions.cc.
[[nodiscard]] base::Result<Action> keys_action(const Command& command, Words words,
                                               const Surroundings& surroundings);
[[nodiscard]] base::Result<Action> env_action(const Command& command, Words words,
                                              const Surroundings& surroundings);
[[nodiscard]] base::Result<Action> drill_action(const Command& command, Words words,
                                                const Surroundings& surroundings);
[[nodiscard]] base::Result<Action> ops_action(const Command& command, Words words,
                                              const Surroundings& surroundings);
[[nodiscard]] base::Result<Action> doctor_action(const Command& command, Words words,
                                                 const Surroundings& surroundings);
[[nodiscard]] base::Result<Action> top_action(const Words& words, const Surroundings& surroundings);
[[nodiscard]] base::Result<Action> logs_action(Words words);

}  // namespace testgen::app
