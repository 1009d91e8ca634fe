#include "app/help.h"

#include <fmt/format.h>

#include "app/version.h"
#include "config/settings_docs.h"

namespace testgen::app {
namespace {

constexpr std::size_t kWidth = 100;

std::vector<Command> make_commands() {
  return {
      {"generate",
       "FILE… [options]",
       "Generate unit tests for source files or folders",
       "Runs each module in a sandbox, searches for inputs that reach its branches, and writes\n"
       "the tests that pass, stay stable and add something. Files you have edited are never\n"
       "overwritten.\n\n"
       "  testgen generate shop/cart.py\n"
       "  testgen generate src/ --output tests/generated --budget 30s --json report.json\n",
       config::kGenerate,
       {}},
      {"serve",
       "[options]",
       "Run the service: an HTTP API over a durable queue",
       "Answers POST /v1/generate and GET /v1/jobs/{id}, and /metrics, /health, /ready and\n"
       "/alive for its operators. Ctrl-C or SIGTERM lets running jobs end first.\n\n"
       "  testgen serve --listen 127.0.0.1:8000 --data /var/lib/testgen\n",
       config::kServe,
       {}},
      {"doctor",
       "[options]",
       "Check that this machine can generate tests",
       "Tries the sandbox, the Python interpreter, pytest and coverage.py, and says what is\n"
       "missing and how to get it.\n",
       config::kDoctor,
       {}},
      {"settings",
       "[options]",
       "Show the settings in force and where each comes from",
       "Reads variables and the settings file as the other commands do.\n",
       config::kSettings,
       {{"--markdown", "Print the reference page of all settings instead"}}},
      {"telemetry",
       "schema --json",
       "Print the catalogue of metrics as JSON",
       "Every metric that /metrics exposes is declared there once, with its type, unit, labels\n"
       "and limits. Dashboards and alerts are checked against it.\n",
       0,
       {{"--json", "The format; the only one"}}},
      {"version", "", "Print the version", "", 0, {}},
      {"help", "[COMMAND]", "Print this help, or a command's own", "", 0, {}},
  };
}

constexpr std::string_view kExitCodes =
    "Exit codes:\n"
    "  0 done   1 some of it could not be done   2 wrong usage   3 bad input\n"
    "  4 the machine lacks something   5 nothing to test   70 a bug   130 interrupted\n";

}  // namespace

std::span<const Command> commands() {
  static const std::vector<Command> table = make_commands();
  return table;
}

const Command* find_command(std::string_view name) {
  for (const Command& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string general_help() {
  std::string out = fmt::format(
      "testgen {}: generates unit tests that are proven to pass and stay stable\n\n"
      "Usage: testgen COMMAND [options]\n\n"
      "Commands:\n",
      version());
  for (const Command& command : commands()) {
    out += fmt::format("  {:<10} {}\n", command.name, command.summary);
  }
  out += "\n`testgen help COMMAND` explains a command and its options.\n\n";
  return out + std::string(kExitCodes);
}

std::string command_help(const Command& command) {
  std::string usage = fmt::format("testgen {} {}", command.name, command.usage);
  usage.erase(usage.find_last_not_of(' ') + 1);
  std::string out = fmt::format("{}\n\nUsage: {}\n", command.summary, usage);
  if (!command.text.empty()) out += "\n" + std::string(command.text);
  std::string options;
  for (const auto& [flag, help] : command.own_flags) {
    options += fmt::format("      {:<22}  {}\n", flag, help);
  }
  if (command.settings != 0) {
    options += config::option_help(static_cast<config::Command>(command.settings), kWidth);
  }
  out += "\nOptions:\n" + options + fmt::format("  {:<26}  {}\n", "-h, --help", "Print this help");
  if (command.settings == config::kGenerate || command.settings == config::kServe) {
    out += "\n" + std::string(kExitCodes);
  }
  return out;
}

}  // namespace testgen::app
