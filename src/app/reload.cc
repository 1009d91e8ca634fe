#include "app/reload.h"

#include <unistd.h>

#include "app/log_options.h"
#include "app/terminal.h"
#include "base/strings.h"
#include "config/settings_table.h"

namespace testgen::app {

service::LiveOptions live_options(const config::Settings& settings) {
  return {.requests_per_minute = settings.rate_limit};
}

void Reloader::operator()() {
  telemetry_.log().reopen();
  auto fresh = action_.resolve_again();
  if (!fresh) {
    const base::Error& error = fresh.error();
    telemetry_.log().write(telemetry::LogEvent::ReloadFailed,
                           {{"what", "settings"}, {"error", error.message}, {"hint", error.hint}});
    service_.account_for("settings.reload", "failed", error.message);
    service_.reload(live_options(in_force_.settings));
    return;
  }
  std::vector<std::string> changed;
  std::vector<std::string> restart_needed;
  for (const config::Setting& setting : config::settings_table()) {
    const std::string name(setting.name);
    if (fresh->texts.at(name) == in_force_.texts.at(name)) continue;
    (setting.live ? changed : restart_needed).push_back(name);
    if (setting.live) in_force_.texts[name] = fresh->texts.at(name);
  }
  const auto is_changed = [&](const char* name) {
    return std::find(changed.begin(), changed.end(), name) != changed.end();
  };
  // Only what the file changed: a level set by PUT /debug/log-level outlives a rotated log.
  if (is_changed("log-level")) {
    in_force_.settings.log_level = fresh->settings.log_level;
    telemetry_.log().set_level(
        logging_options(in_force_.settings, is_terminal(STDERR_FILENO)).level);
  }
  if (is_changed("debug-metrics")) {
    in_force_.settings.debug_metrics = fresh->settings.debug_metrics;
    telemetry_.set_debug_metrics(fresh->settings.debug_metrics);
  }
  in_force_.settings.rate_limit = fresh->settings.rate_limit;
  service_.reload(live_options(in_force_.settings));
  const std::string taken = base::join(changed, ", ");
  telemetry_.log().write(
      telemetry::LogEvent::SettingsReloaded,
      {{"changed", taken}, {"restart_needed", base::join(restart_needed, ", ")}});
  service_.account_for("settings.reload", "ok", taken);
}

}  // namespace testgen::app
