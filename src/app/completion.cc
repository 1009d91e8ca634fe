#include "app/completion.h"

#include <fmt/format.h>

#include "app/help.h"
#include "base/strings.h"
#include "config/settings_table.h"

namespace testgen::app {
namespace {

using config::Kind;
using config::Setting;

// What may follow a flag.
enum class Value { None, Files, Folders, Choices, Revision, Other };

Value value_of(const Setting& setting) {
  if (setting.name == "diff") return Value::Revision;
  switch (setting.kind) {
    case Kind::Switch:
      return Value::None;
    case Kind::Choice:
      return Value::Choices;
    case Kind::Path:
      return setting.placeholder == "DIR" ? Value::Folders : Value::Files;
    default:
      return Value::Other;
  }
}

std::vector<const Setting*> settings_of(const Command& command) {
  std::vector<const Setting*> out;
  for (const Setting& setting : config::settings_table()) {
    if ((setting.commands & command.settings) != 0) out.push_back(&setting);
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& words) {
  return base::join({words.begin(), words.end()}, " ");
}

std::string command_names() {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.name);
  return joined(names);
}

// Inside single quotes of a shell.
std::string quoted(std::string_view text) {
  return base::replace_all(std::string(text), "'", "'\\''");
}

// --- bash: needs nothing but bash itself ---------------------------------------------------------

std::string bash_flag_cases(const Command& command) {
  std::string out;
  for (const Setting* setting : settings_of(command)) {
    std::string pattern = "--" + std::string(setting->name);
    if (setting->letter != 0) pattern += fmt::format("|-{}", setting->letter);
    switch (value_of(*setting)) {
      case Value::None:
        continue;
      case Value::Files:
        out += fmt::format("        {}) return ;;\n", pattern);
        break;
      case Value::Folders:
        out += fmt::format(
            "        {}) _testgen_reply \"$(compgen -d -- \"$cur\")\"; "
            "compopt -o filenames; return ;;\n",
            pattern);
        break;
      case Value::Choices:
        out += fmt::format("        {}) _testgen_words '{}'; return ;;\n", pattern,
                           joined(setting->choices));
        break;
      case Value::Revision:
        out += fmt::format(
            "        {}) _testgen_words \"HEAD $(git for-each-ref "
            "--format='%(refname:short)' 2>/dev/null)\"; return ;;\n",
            pattern);
        break;
      case Value::Other:
        out += fmt::format("        {}) compopt +o default +o bashdefault; return ;;\n", pattern);
        break;
    }
  }
  return out;
}

// Files, where the placeholder says so.
bool takes_a_file(const OwnOption& own) {
  return own.placeholder == "FILE";
}

std::string bash_own_cases(const Command& command) {
  std::string out;
  for (const OwnOption& own : command.own_options) {
    const std::string pattern(own.flag);
    if (!own.choices.empty()) {
      out +=
          fmt::format("        {}) _testgen_words '{}'; return ;;\n", pattern, joined(own.choices));
    } else if (takes_a_file(own)) {
      out += fmt::format("        {}) return ;;\n", pattern);
    } else {
      out += fmt::format("        {}) compopt +o default +o bashdefault; return ;;\n", pattern);
    }
  }
  return out;
}

std::string bash_command(const Command& command) {
  std::string flags = "--help";
  for (const Setting* setting : settings_of(command)) flags += " --" + std::string(setting->name);
  for (const auto& [flag, help] : command.own_flags) flags += " " + std::string(flag);
  for (const OwnOption& own : command.own_options) flags += " " + std::string(own.flag);
  std::string out = fmt::format("    {})\n", command.name);
  if (const std::string cases = bash_flag_cases(command) + bash_own_cases(command);
      !cases.empty()) {
    out += "      case $prev in\n" + cases + "      esac\n";
  }
  out += fmt::format("      if [[ $cur == -* ]]; then _testgen_words '{}'; return; fi\n", flags);
  if (!command.takes_files) {
    const std::string words = command.name == "help" ? command_names() : joined(command.words);
    out +=
        fmt::format("      compopt +o default +o bashdefault\n      _testgen_words '{}'\n", words);
  }
  return out + "      ;;\n";
}

std::string bash_script() {
  std::string out =
      "# Completion of testgen for bash, made by `testgen completion bash`.\n"
      "_testgen_reply() {\n"
      "  local IFS=$'\\n'\n"
      "  COMPREPLY=($1)\n"
      "}\n"
      "_testgen_words() { _testgen_reply \"$(compgen -W \"$1\" -- \"$cur\")\"; }\n"
      "_testgen() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  COMPREPLY=()\n"
      "  # Bash takes --flag=value apart.\n"
      "  if [[ $cur == '=' ]]; then\n"
      "    cur=\n"
      "  elif [[ $prev == '=' ]]; then\n"
      "    prev=${COMP_WORDS[COMP_CWORD-2]}\n"
      "  fi\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    compopt +o default +o bashdefault\n";
  out +=
      fmt::format("    _testgen_words '{} --help --version'\n    return\n  fi\n", command_names());
  out += "  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands()) out += bash_command(command);
  return out + "  esac\n}\ncomplete -o bashdefault -o default -F _testgen testgen\n";
}

// --- zsh -----------------------------------------------------------------------------------------

std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return quoted(out);
}

std::string zsh_value(const Setting& setting) {
  const std::string name(setting.placeholder);
  switch (value_of(setting)) {
    case Value::None:
      return "";
    case Value::Files:
      return ":" + name + ":_files";
    case Value::Folders:
      return ":" + name + ":_files -/";
    case Value::Choices:
      return ":" + name + ":(" + joined(setting.choices) + ")";
    case Value::Revision:
      return ":" + name + ":_testgen_revisions";
    case Value::Other:
      return ":" + name + ": ";
  }
  return "";
}

std::string zsh_command(const Command& command) {
  std::string out = fmt::format("    {})\n      _arguments -s -S", command.name);
  const auto add = [&out](const std::string& spec) { out += " \\\n        '" + spec + "'"; };
  add("(- *)-h[Print this help]");
  add("(- *)--help[Print this help]");
  for (const Setting* setting : settings_of(command)) {
    const std::string help = "[" + zsh_text(setting->help) + "]" + zsh_value(*setting);
    const std::string repeat = setting->kind == Kind::List ? "*" : "";
    add(repeat + "--" + std::string(setting->name) + help);
    if (setting->letter != 0) add(fmt::format("{}-{}{}", repeat, setting->letter, help));
  }
  for (const auto& [flag, help] : command.own_flags) {
    add(std::string(flag) + "[" + zsh_text(help) + "]");
  }
  for (const OwnOption& own : command.own_options) {
    const std::string value = !own.choices.empty() ? "(" + joined(own.choices) + ")"
                              : takes_a_file(own)  ? "_files"
                                                   : " ";
    add(fmt::format("{}[{}]:{}:{}", own.flag, zsh_text(own.help), own.placeholder, value));
  }
  if (command.takes_files) {
    add("*:file:_files");
  } else if (command.name == "help") {
    add("1:command:(" + command_names() + ")");
  } else if (!command.words.empty()) {
    add("1: :(" + joined(command.words) + ")");
  }
  return out + "\n      ;;\n";
}

std::string zsh_script() {
  std::string out =
      "#compdef testgen\n"
      "# Completion of testgen for zsh, made by `testgen completion zsh`.\n"
      "_testgen_revisions() {\n"
      "  local -a names\n"
      "  names=(HEAD ${(f)\"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)\"})\n"
      "  compadd -a names\n"
      "}\n"
      "_testgen() {\n"
      "  if ((CURRENT == 2)); then\n"
      "    local -a names\n"
      "    names=(\n";
  for (const Command& command : commands()) {
    out += fmt::format("      '{}:{}'\n", command.name, zsh_text(command.summary));
  }
  out +=
      "    )\n"
      "    _describe command names\n"
      "    return\n"
      "  fi\n"
      "  local name=$words[2]\n"
      "  shift words\n"
      "  ((CURRENT--))\n"
      "  case $name in\n";
  for (const Command& command : commands()) out += zsh_command(command);
  return out +
         "  esac\n"
         "}\n"
         "# Loaded by compinit it is called; sourced it registers itself.\n"
         "if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then _testgen \"$@\"; "
         "else compdef _testgen testgen; fi\n";
}

// --- fish ----------------------------------------------------------------------------------------

std::string fish_text(std::string_view text) {
  return base::replace_all(base::replace_all(std::string(text), "\\", "\\\\"), "'", "\\'");
}

std::string fish_value(const Setting& setting) {
  switch (value_of(setting)) {
    case Value::None:
      return "";
    case Value::Files:
      return " -r -F";
    case Value::Folders:
      return " -x -a '(__fish_complete_directories)'";
    case Value::Choices:
      return " -x -a '" + joined(setting.choices) + "'";
    case Value::Revision:
      return " -x -a '(git for-each-ref --format=\"%(refname:short)\" 2>/dev/null)'";
    case Value::Other:
      return " -x";
  }
  return "";
}

std::string fish_script() {
  std::string out =
      "# Completion of testgen for fish, made by `testgen completion fish`.\n"
      "complete -c testgen -f\n";
  for (const Command& command : commands()) {
    out += fmt::format("complete -c testgen -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                       fish_text(command.summary));
  }
  for (const Command& command : commands()) {
    const std::string head =
        fmt::format("complete -c testgen -n '__fish_seen_subcommand_from {}'", command.name);
    out += head + " -s h -l help -d 'Print this help'\n";
    for (const Setting* setting : settings_of(command)) {
      out += head;
      if (setting->letter != 0) out += fmt::format(" -s {}", setting->letter);
      out += fmt::format(" -l {}{} -d '{}'\n", setting->name, fish_value(*setting),
                         fish_text(setting->help));
    }
    for (const auto& [flag, help] : command.own_flags) {
      out += fmt::format("{} -l {} -d '{}'\n", head, flag.substr(2), fish_text(help));
    }
    for (const OwnOption& own : command.own_options) {
      const std::string value = !own.choices.empty() ? " -x -a '" + joined(own.choices) + "'"
                                : takes_a_file(own)  ? " -r -F"
                                                     : " -x";
      out +=
          fmt::format("{} -l {}{} -d '{}'\n", head, own.flag.substr(2), value, fish_text(own.help));
    }
    if (command.takes_files) out += head + " -F\n";
    const std::string words = command.name == "help" ? command_names() : joined(command.words);
    if (!words.empty()) out += fmt::format("{} -a '{}'\n", head, words);
  }
  return out;
}

}  // namespace

const std::vector<std::string_view>& completion_shells() {
  static const std::vector<std::string_view> shells = {"bash", "zsh", "fish"};
  return shells;
}

std::string completion_script(std::string_view shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  return "";
}

}  // namespace testgen::app
