#include "config/settings_docs.h"

#include <fmt/format.h>

#include <array>

#include "base/strings.h"

namespace testgen::config {
namespace {

constexpr std::size_t kTextColumn = 30;

// Words of `text` in lines of at most `width`, each after the first indented by `indent`.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  for (const std::string& word : base::split(text, ' ')) {
    if (column > indent && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string flag_of(const Setting& setting) {
  std::string out = setting.letter == 0 ? "    " : fmt::format("-{}, ", setting.letter);
  out += "--" + std::string(setting.name);
  if (!setting.placeholder.empty()) out += " " + std::string(setting.placeholder);
  return out;
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Text:
      return "text";
    case Kind::Path:
      return "path";
    case Kind::Count:
      return "number";
    case Kind::Duration:
      return "duration";
    case Kind::Bytes:
      return "size";
    case Kind::Ratio:
      return "ratio";
    case Kind::Switch:
      return "switch";
    case Kind::Choice:
      return "choice";
  }
  return "text";
}

std::string_view in_file_name(InFile in_file) {
  switch (in_file) {
    case InFile::Any:
      return "yes";
    case InFile::Named:
      return "named";
    case InFile::Never:
      return "no";
  }
  return "no";
}

std::string commands_of(const Setting& setting) {
  constexpr std::array<std::pair<Command, std::string_view>, 4> kNames{
      {{kGenerate, "generate"}, {kServe, "serve"}, {kDoctor, "doctor"}, {kSettings, "settings"}}};
  std::vector<std::string> names;
  for (const auto& [bit, name] : kNames) {
    if ((setting.commands & bit) != 0) names.emplace_back(name);
  }
  return base::join(names, ", ");
}

}  // namespace

std::string option_help(Command command, std::size_t width) {
  std::string out;
  for (const Setting& setting : settings_table()) {
    if ((setting.commands & command) == 0) continue;
    std::string text(setting.help);
    const bool is_switch = setting.kind == Kind::Switch;
    if (setting.kind == Kind::Choice) text += ": " + allowed_values(setting);
    if (!setting.default_text.empty() && !is_switch) {
      text += fmt::format(" [{}]", setting.default_text);
    }
    if (!setting.environment.empty()) text += fmt::format(" (${})", setting.environment);
    std::string flag = "  " + flag_of(setting);
    if (flag.size() + 2 > kTextColumn) {
      flag += "\n" + std::string(kTextColumn, ' ');
    } else {
      flag.resize(kTextColumn, ' ');
    }
    out += flag + wrap(text, kTextColumn, width) + "\n";
  }
  return out;
}

std::string settings_page() {
  std::string out =
      "# Settings\n\n"
      "<!-- Made by `testgen settings --markdown`; `./dev accept` rewrites it. -->\n\n"
      "A setting can be given in three ways. A flag wins over an environment variable, a\n"
      "variable over the settings file, the file over the default. The file is named by\n"
      "`--config`; without it, `.testgen.yaml` in the current folder is read where it exists.\n"
      "It has one setting a line:\n\n"
      "```yaml\n"
      "budget: 1m30s\n"
      "log-format: pretty\n"
      "```\n\n"
      "`testgen settings` shows the values in force and where each comes from. An empty\n"
      "variable counts as not set.\n\n"
      "A file found in the current folder comes with the code it is about, so it must not\n"
      "choose what runs outside the sandbox or where data goes: settings marked `named` are\n"
      "accepted only in a file given by `--config`, and those marked `no` in none.\n\n"
      "Durations are written like `10s`, `1m30s` or `500ms`; sizes like `65536`, `512KiB`\n"
      "or `1MiB`; switches in the file and in variables like `true` or `false`.\n\n"
      "| setting | what it is | kind | default | allowed | variable | in a file | commands |\n"
      "|---|---|---|---|---|---|---|---|\n";
  const auto code = [](std::string_view text) {
    return text.empty() ? std::string() : fmt::format("`{}`", text);
  };
  for (const Setting& setting : settings_table()) {
    const std::string name =
        setting.commands == 0 ? code(setting.name) : code("--" + std::string(setting.name));
    out +=
        fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", name, setting.help,
                    kind_name(setting.kind), code(setting.default_text), allowed_values(setting),
                    code(setting.environment), in_file_name(setting.in_file), commands_of(setting));
  }
  return out;
}

}  // namespace testgen::config
