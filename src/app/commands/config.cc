// testgen config: what is in force and where each value comes from, whether it is right, and what
// a settings file may hold.
#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "config/settings_docs.h"
#include "config/settings_schema.h"
#include "emit/report_layout.h"

namespace testgen::app {
namespace {

std::string in_force(const config::Resolved& resolved) {
  std::size_t widest = 0;
  for (const auto& [name, value] : resolved.texts) {
    widest = std::max(widest, name.size() + 2 + emit::display_width(emit::printable(value)));
  }
  std::string text;
  for (const config::Setting& setting : config::settings_table()) {
    const std::string name(setting.name);
    const std::string value = emit::printable(resolved.texts.at(name));
    text += emit::pad(name + ": " + value, widest, emit::Align::Left) + "  # " +
            emit::printable(resolved.origins.at(name)) + "\n";
  }
  return text;
}

std::string verdict(const ShowConfig& action) {
  std::string text;
  for (const std::string& file : action.files) {
    text += fmt::format("{} is right\n", emit::printable(file));
  }
  for (const std::string& ignored : action.resolved.settings.ignored) {
    text += fmt::format("ignored {}\n", emit::printable(ignored));
  }
  return action.files.empty() ? text + "no settings file was found; the rest is right\n" : text;
}

int check(const ShowConfig& action) {
  if (action.faults.empty()) return print(verdict(action));
  int code = kSuccess;
  for (const base::Error& fault : action.faults) code = report_error(fault);
  return code;
}

}  // namespace

int show_config(const ShowConfig& action) {
  switch (action.what) {
    case ShowConfig::What::Print:
      return print(in_force(action.resolved));
    case ShowConfig::What::Check:
      return check(action);
    case ShowConfig::What::Schema:
      return print(config::settings_schema());
    case ShowConfig::What::Page:
      return print(config::settings_page());
  }
  return print("");
}

}  // namespace testgen::app
