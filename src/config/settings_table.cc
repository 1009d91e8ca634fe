#include "config/settings_table.h"

#include "config/values.h"

namespace testgen::config {
namespace {

constexpr double kHour = 3'600'000;
constexpr double kMebibyte = 1024.0 * 1024.0;

std::vector<Setting> make_table() {
  return {
      {.name = "output",
       .letter = 'o',
       .kind = Kind::Path,
       .placeholder = "DIR",
       .default_text = "generated-tests",
       .environment = "TESTGEN_OUTPUT",
       .commands = kGenerate,
       .help = "Folder the test files are written to",
       .field = &Settings::output},
      {.name = "budget",
       .letter = 'b',
       .kind = Kind::Duration,
       .placeholder = "TIME",
       .default_text = "10s",
       .minimum = 100,
       .maximum = kHour,
       .environment = "TESTGEN_BUDGET",
       .commands = kGenerate,
       .help = "Time for one module, from reading it to verified tests",
       .field = &Settings::budget},
      {.name = "seed",
       .letter = 's',
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "1",
       .maximum = 9007199254740991,
       .environment = "TESTGEN_SEED",
       .commands = kGenerate,
       .help = "Seed of the search; the same seed tries the same things first",
       .field = &Settings::seed},
      {.name = "jobs",
       .letter = 'j',
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "0",
       .maximum = 64,
       .environment = "TESTGEN_JOBS",
       .commands = kGenerate,
       .help = "Modules worked on at the same time; 0 is half of the cores",
       .field = &Settings::jobs},
      {.name = "json",
       .kind = Kind::Path,
       .placeholder = "FILE",
       .commands = kGenerate,
       .in_file = InFile::Never,
       .help =
           "Also write the report as JSON; - writes it to standard output in place of the table",
       .field = &Settings::json},
      {.name = "trace-file",
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_TRACE_FILE",
       .commands = kGenerate,
       .in_file = InFile::Named,
       .help = "Write the run's trace spans to a file, as OTLP JSON",
       .field = &Settings::trace_file},
      {.name = "quiet",
       .letter = 'q',
       .kind = Kind::Switch,
       .default_text = "false",
       .environment = "TESTGEN_QUIET",
       .commands = kGenerate,
       .help = "No progress and no table; errors and warnings only",
       .field = &Settings::quiet},
      {.name = "verbose",
       .letter = 'v',
       .kind = Kind::Switch,
       .default_text = "false",
       .environment = "TESTGEN_VERBOSE",
       .commands = kGenerate,
       .help = "Show every omission, and the log on standard error",
       .field = &Settings::verbose},
      {.name = "python",
       .kind = Kind::Path,
       .placeholder = "PATH",
       .environment = "TESTGEN_PYTHON",
       .commands = kGenerate | kServe | kDoctor,
       .in_file = InFile::Named,
       .help = "Python interpreter that runs the tests; found for each project when not given",
       .field = &Settings::python},
      {.name = "unsafe-no-sandbox",
       .kind = Kind::Switch,
       .default_text = "false",
       .commands = kGenerate | kServe | kDoctor,
       .in_file = InFile::Never,
       .help = "Run the code under test without isolation; only for code you trust",
       .field = &Settings::unsafe_no_sandbox},

      {.name = "listen",
       .letter = 'l',
       .kind = Kind::Text,
       .placeholder = "ADDRESS:PORT",
       .default_text = "127.0.0.1:8000",
       .environment = "TESTGEN_LISTEN",
       .commands = kServe,
       .in_file = InFile::Named,
       .help = "Address the service answers on; port 0 takes a free one",
       .field = &Settings::listen},
      {.name = "data",
       .letter = 'd',
       .kind = Kind::Path,
       .placeholder = "DIR",
       .default_text = "testgen-data",
       .environment = "TESTGEN_DATA",
       .commands = kServe,
       .in_file = InFile::Named,
       .help = "Folder of the queue, the results and the cache",
       .field = &Settings::data},
      {.name = "token-file",
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_TOKEN_FILE",
       .commands = kServe,
       .in_file = InFile::Named,
       .help = "File with the token that clients must send; needed beyond loopback",
       .field = &Settings::token_file},
      {.name = "api-token",
       .kind = Kind::Text,
       .environment = "TESTGEN_API_TOKEN",
       .in_file = InFile::Never,
       .secret = true,
       .help = "The token itself, for places that hand secrets over as variables",
       .field = &Settings::api_token},
      {.name = "workers",
       .letter = 'w',
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "0",
       .maximum = 256,
       .environment = "TESTGEN_WORKERS",
       .commands = kServe,
       .help = "Jobs worked on at the same time; 0 is one for each core",
       .field = &Settings::workers},
      {.name = "queue-limit",
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "1000",
       .minimum = 1,
       .maximum = 1e6,
       .environment = "TESTGEN_QUEUE_LIMIT",
       .commands = kServe,
       .help = "Jobs that may wait; past it the service answers 429",
       .field = &Settings::queue_limit},
      {.name = "body-limit",
       .kind = Kind::Bytes,
       .placeholder = "SIZE",
       .default_text = "1MiB",
       .minimum = 1024,
       .maximum = 64 * kMebibyte,
       .environment = "TESTGEN_BODY_LIMIT",
       .commands = kServe,
       .help = "Largest request body accepted",
       .field = &Settings::body_limit},
      {.name = "cache-size",
       .kind = Kind::Bytes,
       .placeholder = "SIZE",
       .default_text = "256MiB",
       .maximum = 1024 * 1024 * kMebibyte,
       .environment = "TESTGEN_CACHE_SIZE",
       .commands = kServe,
       .help = "Disk space for cached results; 0 keeps none",
       .field = &Settings::cache_size},
      {.name = "drain-timeout",
       .kind = Kind::Duration,
       .placeholder = "TIME",
       .default_text = "30s",
       .maximum = kHour,
       .environment = "TESTGEN_DRAIN_TIMEOUT",
       .commands = kServe,
       .help = "Time for running jobs to end when the service is told to stop",
       .field = &Settings::drain_timeout},

      {.name = "log-format",
       .kind = Kind::Choice,
       .placeholder = "FORMAT",
       .default_text = "json",
       .choices = {"json", "pretty"},
       .environment = "TESTGEN_LOG_FORMAT",
       .commands = kServe,
       .help = "Format of the log",
       .field = &Settings::log_format},
      {.name = "log-level",
       .kind = Kind::Choice,
       .placeholder = "LEVEL",
       .default_text = "info",
       .choices = {"debug", "info", "warning", "error", "critical"},
       .environment = "TESTGEN_LOG_LEVEL",
       .commands = kServe,
       .help = "Least important records the log keeps",
       .field = &Settings::log_level},
      {.name = "log-file",
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_LOG_FILE",
       .commands = kServe,
       .in_file = InFile::Named,
       .help = "File of the log; standard error when not given",
       .field = &Settings::log_file},
      {.name = "otlp-endpoint",
       .kind = Kind::Text,
       .placeholder = "URL",
       .environment = "OTEL_EXPORTER_OTLP_ENDPOINT",
       .commands = kGenerate | kServe,
       .in_file = InFile::Named,
       .help = "Receiver of traces over OTLP/HTTP; none are sent when not given",
       .field = &Settings::otlp_endpoint},
      {.name = "service-name",
       .kind = Kind::Text,
       .placeholder = "NAME",
       .default_text = "testgen-copilot",
       .environment = "OTEL_SERVICE_NAME",
       .commands = kServe,
       .help = "Name that traces and logs carry",
       .field = &Settings::service_name},
      {.name = "trace-ratio",
       .kind = Kind::Ratio,
       .placeholder = "RATIO",
       .default_text = "1",
       .maximum = 1,
       .environment = "OTEL_TRACES_SAMPLER_ARG",
       .commands = kServe,
       .help = "Share of new traces that are kept; a caller's own decision is honoured",
       .field = &Settings::trace_ratio},
      {.name = "debug-metrics",
       .kind = Kind::Switch,
       .default_text = "false",
       .environment = "DEBUG_METRICS",
       .commands = kServe,
       .help = "Also expose the detailed metrics of debug mode",
       .field = &Settings::debug_metrics},

      {.name = "config",
       .letter = 'c',
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_CONFIG",
       .commands = kGenerate | kServe | kDoctor | kSettings,
       .in_file = InFile::Never,
       .help = "Settings file; .testgen.yaml in the current folder when not given",
       .field = &Settings::config},
  };
}

}  // namespace

std::span<const Setting> settings_table() {
  static const std::vector<Setting> table = make_table();
  return table;
}

const Setting* find_setting(std::string_view name) {
  for (const Setting& setting : settings_table()) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

std::string allowed_values(const Setting& setting) {
  const auto range = [&](auto format) {
    return format(setting.minimum) + " to " + format(setting.maximum);
  };
  switch (setting.kind) {
    case Kind::Count:
      return range([](double v) { return std::to_string(static_cast<std::uint64_t>(v)); });
    case Kind::Duration:
      return range([](double v) {
        return format_duration(std::chrono::milliseconds(static_cast<std::int64_t>(v)));
      });
    case Kind::Bytes:
      return range([](double v) { return format_bytes(static_cast<std::uint64_t>(v)); });
    case Kind::Ratio:
      return range([](double v) { return std::to_string(static_cast<int>(v)); });
    case Kind::Switch:
      return "true, false";
    case Kind::Choice: {
      std::string out;
      for (const std::string_view choice : setting.choices) {
        out += (out.empty() ? "" : ", ") + std::string(choice);
      }
      return out;
    }
    case Kind::Text:
    case Kind::Path:
      return "";
  }
  return "";
}

}  // namespace testgen::config
