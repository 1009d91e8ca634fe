#include "app/log_options.h"

#include "app/terminal.h"
#include "app/version.h"

namespace testgen::app {

telemetry::LoggingOptions logging_options(const config::Settings& settings, bool watched) {
  using telemetry::LogDestination;
  using telemetry::LogFormat;
  using telemetry::LogLevel;
  const bool to_file = !settings.log_file.empty();
  const bool development =
      settings.environment.empty() ? watched && !to_file : settings.environment == "development";
  telemetry::LoggingOptions logging;
  // The settings table has checked both texts.
  logging.format = telemetry::log_format_from(settings.log_format)
                       .value_or(development ? LogFormat::Pretty : LogFormat::Json);
  logging.level = telemetry::log_level_from(settings.log_level)
                      .value_or(development ? LogLevel::Debug : LogLevel::Info);
  logging.identity = {.service = settings.service_name,
                      .version = std::string(version()),
                      .environment = development ? "development" : "production"};
  // The log's own limit, or the one for all signals; 0: not set.
  for (const std::uint64_t limit :
       {settings.attribute_count_limit, settings.log_attribute_count_limit}) {
    if (limit > 0) logging.limits.fields = limit;
  }
  for (const std::uint64_t limit :
       {settings.attribute_length_limit, settings.log_attribute_length_limit}) {
    if (limit > 0) logging.limits.text_bytes = limit;
  }
  logging.color = watched && !to_file && variable("NO_COLOR").empty();
  if (to_file) {
    logging.destination = LogDestination::File;
    logging.file = {.path = settings.log_file,
                    .max_bytes = settings.log_max_size,
                    .max_age = settings.log_max_age,
                    .keep = static_cast<unsigned>(settings.log_keep)};
  }
  return logging;
}

telemetry::LoggingOptions quiet_logging_options(const config::Settings& settings, bool watched) {
  config::Settings wanted = settings;
  // --verbose is for whoever sits in front of it, through a pipe too.
  if (settings.verbose && settings.environment.empty() && settings.log_file.empty()) {
    wanted.environment = "development";
  }
  telemetry::LoggingOptions logging = logging_options(wanted, watched);
  const bool asked_for = settings.verbose || !settings.log_file.empty() ||
                         !settings.log_format.empty() || !settings.log_level.empty();
  if (!asked_for) logging.destination = telemetry::LogDestination::None;
  return logging;
}

bool logs_over_progress(const config::Settings& settings, bool watched) {
  return quiet_logging_options(settings, watched).destination == telemetry::LogDestination::Stderr;
}

}  // namespace testgen::app
