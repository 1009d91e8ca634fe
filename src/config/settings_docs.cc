#include "config/settings_docs.h"

#include <fmt/format.h>

#include <array>

#include "base/strings.h"
#include "base/wrap_text.h"

namespace testgen::config {
namespace {

constexpr std::size_t kTextColumn = 30;

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
    case Kind::Percent:
      return "percentage";
    case Kind::Switch:
      return "switch";
    case Kind::Choice:
      return "choice";
    case Kind::List:
      return "list";
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
  constexpr std::array<std::pair<Command, std::string_view>, 15> kNames{
      {{kGenerate, "generate"},
       {kAnalyze, "analyze"},
       {kServe, "serve"},
       {kDoctor, "doctor"},
       {kConfig, "config"},
       {kTrace, "trace"},
       {kKeys, "keys"},
       {kEnv, "env"},
       {kScan, "scan"},
       {kRules, "rules"},
       {kLlm, "llm"},
       {kOps, "ops"},
       {kTop, "top"},
       {kBundle, "support-bundle"},
       {kDrill, "drill"}}};
  std::vector<std::string> names;
  for (const auto& [bit, name] : kNames) {
    if ((setting.commands & bit) != 0) names.emplace_back(name);
  }
  return base::join(names, ", ");
}

}  // namespace

std::string option_help(Command command, std::size_t width) {
  std::string out;
  std::string_view group;
  for (const Setting& setting : settings_table()) {
    if ((setting.commands & command) == 0) continue;
    if (setting.group != group) out += fmt::format("\n{}:\n", setting.group);
    group = setting.group;
    std::string text(setting.help);
    const bool is_switch = setting.kind == Kind::Switch;
    if (setting.kind == Kind::Choice) text += ": " + allowed_values(setting);
    if (!setting.default_text.empty() && !is_switch) {
      text += fmt::format(" [{}]", setting.default_text);
    }
    std::string flag = "  " + flag_of(setting);
    if (flag.size() + 2 > kTextColumn) {
      flag += "\n" + std::string(kTextColumn, ' ');
    } else {
      flag.resize(kTextColumn, ' ');
    }
    out += flag + base::wrap_text(text, kTextColumn, width) + "\n";
  }
  return out;
}

std::string settings_page() {
  std::string out =
      "# Settings\n\n"
      "<!-- Made by `testgen config print --markdown`; `./dev accept` rewrites it. -->\n\n"
      "Where several places give a setting, the first of these wins:\n\n"
      "1. the flag\n"
      "2. the environment variable; an empty one counts as not set\n"
      "3. the project's file, `.testgen.yaml`: in the folder of the first path on the command\n"
      "   line (without one, the current folder) or the nearest above, up to the root of its git\n"
      "   repository; or, in its place, the file given by `--config`\n"
      "4. your own file, `$XDG_CONFIG_HOME/testgen/config.yaml` (`~/.config/testgen/config.yaml`)\n"
      "5. the default\n\n"
      "A file has one setting a line:\n\n"
      "```yaml\n"
      "output: tests/generated\n"
      "budget: 1m30s\n"
      "coverage-target: 85\n"
      "exclude: [migrations, '*_pb2.py']\n"
      "```\n\n"
      "Paths in a project's file start at that file. `testgen config print` shows the values in\n"
      "force and where each comes from, `testgen config check` whether they are right, and\n"
      "`testgen config schema` is a JSON Schema of the file for editors.\n\n"
      "A project's file comes with the code it is about, so it must not choose what runs outside\n"
      "the sandbox or where data goes: settings marked `named` are accepted only in your own file\n"
      "and in one given by `--config`, and those marked `no` in none.\n\n"
      "Durations are written like `10s`, `1m30s` or `500ms`; sizes like `65536`, `512KiB`\n"
      "or `1MiB`; percentages like `85` or `87.5%`; switches in a file and in variables like\n"
      "`true` or `false`. A list flag is repeated; in a file it is a YAML list.\n\n"
      "A running service takes new values of settings marked `SIGHUP` at that signal; the others\n"
      "need a restart. Settings that are wrong then change nothing, and the log says why.\n\n"
      "| setting | what it is | kind | default | allowed | variable | in a file | commands | live "
      "|\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  const auto code = [](std::string_view text) {
    return text.empty() ? std::string() : fmt::format("`{}`", text);
  };
  for (const Setting& setting : settings_table()) {
    const std::string name =
        setting.commands == 0 ? code(setting.name) : code("--" + std::string(setting.name));
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", name, setting.help,
                       kind_name(setting.kind), code(setting.default_text), allowed_values(setting),
                       code(setting.environment), in_file_name(setting.in_file),
                       commands_of(setting), setting.live ? "SIGHUP" : "");
  }
  return out;
}

}  // namespace testgen::config
