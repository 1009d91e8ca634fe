#include "app/man_page.h"

#include <fmt/format.h>

#include "app/exit_codes.h"
#include "app/help.h"
#include "app/version.h"
#include "base/strings.h"
#include "config/settings_table.h"

namespace testgen::app {
namespace {

using config::Kind;
using config::Setting;

// Text as a roff line takes it: dashes that can be copied, no line that looks like a request.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : base::replace_all(std::string(text), "…", "...")) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

// Paragraphs, with indented lines as they stand.
std::string paragraphs(std::string_view text) {
  std::string out;
  bool literal = false;
  bool gap = false;
  while (text.ends_with('\n')) text.remove_suffix(1);
  for (const std::string& line : base::split(text, '\n')) {
    if (line.empty()) {
      gap = true;
      continue;
    }
    const bool indented = line.starts_with("  ");
    if (literal && !indented) out += ".fi\n.RE\n";
    if (gap) out += ".PP\n";
    if (indented && !literal) out += ".RS\n.nf\n";
    out += roff(base::trim(line)) + "\n";
    literal = indented;
    gap = false;
  }
  return literal ? out + ".fi\n.RE\n" : out;
}

std::string commands_of(const Setting& setting) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if ((setting.commands & command.settings) != 0) names.emplace_back(command.name);
  }
  return base::join(names, ", ");
}

std::string option(const Setting& setting) {
  std::string out = ".TP\n";
  if (setting.letter != 0) out += fmt::format("\\fB\\-{}\\fR, ", setting.letter);
  out += fmt::format("\\fB{}\\fR", roff("--" + std::string(setting.name)));
  if (!setting.placeholder.empty()) out += fmt::format(" \\fI{}\\fR", roff(setting.placeholder));
  out += "\n" + roff(setting.help) + ".\n";
  std::vector<std::string> notes;
  if (const std::string allowed = allowed_values(setting);
      !allowed.empty() && setting.kind != Kind::Switch) {
    notes.push_back("Allowed: " + allowed + ".");
  }
  if (!setting.default_text.empty() && setting.kind != Kind::Switch) {
    notes.push_back("Default: " + std::string(setting.default_text) + ".");
  }
  if (!setting.environment.empty()) {
    notes.push_back("Variable: " + std::string(setting.environment) + ".");
  }
  notes.push_back("Commands: " + commands_of(setting) + ".");
  return out + roff(base::join(notes, " ")) + "\n";
}

std::string options_section() {
  std::string out =
      ".SH OPTIONS\n.TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\n"
      "Print the help of the command.\n";
  std::string_view group;
  for (const Setting& setting : config::settings_table()) {
    if (commands_of(setting).empty()) continue;
    if (setting.group != group) out += fmt::format(".SS \"{}\"\n", roff(setting.group));
    group = setting.group;
    out += option(setting);
  }
  return out;
}

}  // namespace

std::string man_page() {
  std::string out = fmt::format(
      ".\\\" Made by `testgen man`.\n"
      ".TH TESTGEN 1 \"\" \"testgen {}\" \"User Commands\"\n"
      ".SH NAME\n"
      "testgen \\- generate unit tests that are proven to pass and stay stable\n"
      ".SH SYNOPSIS\n",
      roff(version()));
  for (const Command& command : commands()) {
    if (&command != commands().data()) out += ".br\n";
    out += fmt::format(".B testgen {}\n", command.name);
    if (!command.usage.empty()) out += roff(command.usage) + "\n";
  }
  out += ".SH DESCRIPTION\n" + paragraphs(program_description()) + ".SH COMMANDS\n";
  for (const Command& command : commands()) {
    out += fmt::format(".SS \"testgen {}\"\n{}.\n", command.name, roff(command.summary));
    if (!command.text.empty()) out += ".PP\n" + paragraphs(command.text);
    for (const auto& [flag, help] : command.own_flags) {
      out += fmt::format(".TP\n\\fB{}\\fR\n{}.\n", roff(flag), roff(help));
    }
    for (const OwnOption& own : command.own_options) {
      const std::vector<std::string> choices(own.choices.begin(), own.choices.end());
      out += fmt::format(".TP\n\\fB{}\\fR \\fI{}\\fR\n{}{}.\n", roff(own.flag),
                         roff(own.placeholder), roff(own.help),
                         choices.empty() ? "" : roff(": " + base::join(choices, ", ")));
    }
  }
  out += options_section();
  out +=
      ".SH ENVIRONMENT\n"
      "Options name the variable that sets them; a flag wins over it. Others that matter:\n"
      ".TP\n.B TESTGEN_API_TOKEN\nToken that clients of the service must send.\n"
      ".TP\n.B VIRTUAL_ENV\nVirtual environment whose Python is used, unless \\-\\-python names "
      "one.\n"
      ".TP\n.B NO_COLOR\nNo colours in progress.\n"
      ".TP\n.B CI\nPlain lines in place of a progress bar.\n"
      ".SH FILES\n"
      ".TP\n.I .testgen.yaml\n"
      "The project's settings: in the folder of the first path or the nearest above, up to the\n"
      "root of its git repository.\n"
      ".TP\n.I ~/.config/testgen/config.yaml\nYour own settings; the project's win over them.\n"
      ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : exit_code_table()) {
    out += fmt::format(".TP\n.B {}\n{}.\n", static_cast<int>(code), roff(meaning));
  }
  return out;
}

}  // namespace testgen::app
