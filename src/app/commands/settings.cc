// testgen settings: what is in force, and where each value comes from.
#include "app/commands/commands.h"
#include "app/run.h"
#include "config/settings_docs.h"
#include "emit/report_layout.h"

namespace testgen::app {

int show_settings(const ShowSettings& action) {
  std::string text;
  if (action.markdown) {
    text = config::settings_page();
  } else {
    std::size_t widest = 0;
    for (const auto& [name, value] : action.resolved.texts) {
      widest = std::max(widest, name.size() + 2 + emit::display_width(emit::printable(value)));
    }
    for (const config::Setting& setting : config::settings_table()) {
      const std::string name(setting.name);
      const std::string value = emit::printable(action.resolved.texts.at(name));
      text += emit::pad(name + ": " + value, widest, emit::Align::Left) + "  # " +
              emit::printable(action.resolved.origins.at(name)) + "\n";
    }
  }
  return print(text);
}

}  // namespace testgen::app
