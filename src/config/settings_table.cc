#include "config/settings_table.h"

#include "config/settings_table_parts.h"
#include "config/values.h"

namespace testgen::config {
namespace {

constexpr double kHour = 3'600'000;
constexpr double kMebibyte = 1024.0 * 1024.0;

// Headings of --help.
constexpr std::string_view kWhat = "What to work on";
constexpr std::string_view kLimits = "How long and how much";
constexpr std::string_view kTests = "The test files";
constexpr std::string_view kTargets = "Targets; below one, the exit code is 6";
constexpr std::string_view kReports = "Reports";
constexpr std::string_view kRuns = "How code is run";
constexpr std::string_view kObserve = "Logs, traces and metrics";
constexpr std::string_view kSettingsGroup = "Settings";

std::vector<Setting> work_settings() {
  return {
      {.name = "symbol",
       .group = kWhat,
       .kind = Kind::List,
       .placeholder = "NAME",
       .commands = kGenerate,
       .in_file = InFile::Never,
       .help = "Only this function, class or method, such as Cart.total; may be repeated",
       .field = &Settings::symbols},
      {.name = "diff",
       .group = kWhat,
       .kind = Kind::Text,
       .placeholder = "REV",
       .commands = kGenerate | kScan,
       .in_file = InFile::Never,
       .help = "Only what changed since this revision of the git repository",
       .field = &Settings::diff},
      {.name = "exclude",
       .group = kWhat,
       .letter = 'x',
       .kind = Kind::List,
       .placeholder = "GLOB",
       .commands = kGenerate | kAnalyze | kScan,
       .help = "Leave out files and folders found under a folder, such as migrations or "
               "'*_pb2.py'; may be repeated",
       .field = &Settings::exclude},
      {.name = "dry-run",
       .group = kWhat,
       .kind = Kind::Switch,
       .default_text = "false",
       .commands = kGenerate | kScan,
       .in_file = InFile::Never,
       .help = "generate: say which modules and functions would be worked on, and stop; scan: with "
               "--fix, print what would change and change nothing",
       .field = &Settings::dry_run},
      {.name = "tests",
       .group = kWhat,
       .letter = 't',
       .kind = Kind::Path,
       .placeholder = "PATH",
       .default_text = "tests",
       .environment = "TESTGEN_TESTS",
       .commands = kAnalyze,
       .help = "Folder or file with the tests to judge",
       .field = &Settings::tests},

      {.name = "budget",
       .group = kLimits,
       .letter = 'b',
       .kind = Kind::Duration,
       .placeholder = "TIME",
       .default_text = "10s",
       .minimum = 100,
       .maximum = kHour,
       .environment = "TESTGEN_BUDGET",
       .commands = kGenerate | kAnalyze,
       .help = "Time for one module, from reading it to verified tests; of analyze, for mutants",
       .field = &Settings::budget},
      {.name = "max-executions",
       .group = kLimits,
       .letter = 'm',
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "0",
       .maximum = 1e9,
       .environment = "TESTGEN_MAX_EXECUTIONS",
       .commands = kGenerate,
       .help = "Candidate tests tried for one module in place of a time limit: the same seed then "
               "writes the same files on every machine; 0 is by time",
       .field = &Settings::max_executions},
      {.name = "seed",
       .group = kLimits,
       .letter = 's',
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "1",
       .maximum = 9007199254740991,
       .environment = "TESTGEN_SEED",
       .commands = kGenerate | kAnalyze,
       .help = "Seed of the search and of the mutants; the same seed tries the same things first",
       .field = &Settings::seed},
      {.name = "jobs",
       .group = kLimits,
       .letter = 'j',
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "0",
       .maximum = 64,
       .environment = "TESTGEN_JOBS",
       .commands = kGenerate | kAnalyze | kScan,
       .help = "Modules or files worked on at the same time; 0 is half of the cores",
       .field = &Settings::jobs},
      {.name = "output",
       .group = kTests,
       .letter = 'o',
       .kind = Kind::Path,
       .placeholder = "DIR",
       .default_text = "generated-tests",
       .environment = "TESTGEN_OUTPUT",
       .commands = kGenerate,
       .help = "Folder the test files are written to",
       .field = &Settings::output},
      {.name = "framework",
       .group = kTests,
       .letter = 'f',
       .kind = Kind::Choice,
       .placeholder = "NAME",
       .default_text = "pytest",
       .choices = {"pytest", "unittest"},
       .environment = "TESTGEN_FRAMEWORK",
       .commands = kGenerate,
       .help = "Style of the tests",
       .field = &Settings::framework},

      {.name = "coverage-target",
       .group = kTargets,
       .kind = Kind::Percent,
       .placeholder = "PERCENT",
       .maximum = 100,
       .environment = "TESTGEN_COVERAGE_TARGET",
       .commands = kGenerate | kAnalyze,
       .help = "Least coverage of lines and branches, over all modules together",
       .field = &Settings::coverage_target},
      {.name = "mutation-target",
       .group = kTargets,
       .kind = Kind::Percent,
       .placeholder = "PERCENT",
       .maximum = 100,
       .environment = "TESTGEN_MUTATION_TARGET",
       .commands = kGenerate | kAnalyze,
       .help = "Least share of mutants killed, over all modules together",
       .field = &Settings::mutation_target},
      {.name = "quality-target",
       .group = kTargets,
       .kind = Kind::Percent,
       .placeholder = "PERCENT",
       .maximum = 100,
       .environment = "TESTGEN_QUALITY_TARGET",
       .commands = kGenerate | kAnalyze,
       .help = "Least quality score, as the mean of all modules",
       .field = &Settings::quality_target},

      {.name = "json",
       .group = kReports,
       .kind = Kind::Path,
       .placeholder = "FILE",
       .commands = kGenerate | kAnalyze,
       .in_file = InFile::Never,
       .help =
           "Also write the report as JSON; - writes it to standard output in place of the table",
       .field = &Settings::json},
      {.name = "junit",
       .group = kReports,
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_JUNIT",
       .commands = kGenerate,
       .in_file = InFile::Named,
       .help = "Write each test that was kept, and each failure, as JUnit XML",
       .field = &Settings::junit},
      {.name = "lcov",
       .group = kReports,
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_LCOV",
       .commands = kGenerate,
       .in_file = InFile::Named,
       .help = "Write the coverage of the generated tests as LCOV",
       .field = &Settings::lcov},
      {.name = "cobertura",
       .group = kReports,
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_COBERTURA",
       .commands = kGenerate,
       .in_file = InFile::Named,
       .help = "Write the coverage of the generated tests as Cobertura XML",
       .field = &Settings::cobertura},
      {.name = "trace-file",
       .group = kReports,
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_TRACE_FILE",
       .commands = kGenerate,
       .in_file = InFile::Named,
       .help = "Write the run's trace spans to a file, as OTLP JSON",
       .field = &Settings::trace_file},
      {.name = "quiet",
       .group = kReports,
       .letter = 'q',
       .kind = Kind::Switch,
       .default_text = "false",
       .environment = "TESTGEN_QUIET",
       .commands = kGenerate | kAnalyze | kScan,
       .help = "No progress and no table; errors and warnings only",
       .field = &Settings::quiet},
      {.name = "verbose",
       .group = kReports,
       .letter = 'v',
       .kind = Kind::Switch,
       .default_text = "false",
       .environment = "TESTGEN_VERBOSE",
       .commands = kGenerate | kAnalyze | kScan,
       .help = "Show every omission, and the log on standard error",
       .field = &Settings::verbose},
      {.name = "python",
       .group = kRuns,
       .kind = Kind::Path,
       .placeholder = "PATH",
       .environment = "TESTGEN_PYTHON",
       .commands = kGenerate | kAnalyze | kScan | kServe | kDoctor | kEnv,
       .in_file = InFile::Named,
       .help = "Python interpreter that runs the tests; found for each project when not given",
       .field = &Settings::python},
      {.name = "unsafe-no-sandbox",
       .group = kRuns,
       .kind = Kind::Switch,
       .default_text = "false",
       .commands = kGenerate | kAnalyze | kScan | kServe | kDoctor,
       .in_file = InFile::Never,
       .help = "Run the code under test without isolation; only for code you trust",
       .field = &Settings::unsafe_no_sandbox},
  };
}

std::vector<Setting> observing_settings() {
  return {
      {.name = "environment",
       .group = kObserve,
       .kind = Kind::Choice,
       .placeholder = "NAME",
       .choices = {"development", "production"},
       .environment = "TESTGEN_ENVIRONMENT",
       .commands = kGenerate | kServe | kScan,
       .help = "What the log is like by default: pretty at debug in development, JSON at info in "
               "production; development when standard error is a terminal and there is no "
               "--log-file",
       .field = &Settings::environment},
      {.name = "log-format",
       .group = kObserve,
       .kind = Kind::Choice,
       .placeholder = "FORMAT",
       .choices = {"json", "ecs", "otel", "pretty"},
       .environment = "TESTGEN_LOG_FORMAT",
       .commands = kGenerate | kServe | kScan,
       .help = "Format of the log; by the environment when not given",
       .field = &Settings::log_format},
      {.name = "log-level",
       .group = kObserve,
       .kind = Kind::Choice,
       .placeholder = "LEVEL",
       .choices = {"debug", "info", "warning", "error", "critical"},
       .environment = "TESTGEN_LOG_LEVEL",
       .commands = kGenerate | kServe | kScan,
       .live = true,
       .help = "Least important records the log keeps; by the environment when not given",
       .field = &Settings::log_level},
      {.name = "log-file",
       .group = kObserve,
       .kind = Kind::Path,
       .placeholder = "FILE",
       .environment = "TESTGEN_LOG_FILE",
       .commands = kGenerate | kServe | kScan | kBundle,
       .in_file = InFile::Named,
       .help = "File of the log; standard error when not given",
       .field = &Settings::log_file},
      {.name = "log-max-size",
       .group = kObserve,
       .kind = Kind::Bytes,
       .placeholder = "SIZE",
       .default_text = "0",
       .maximum = 1024 * 1024 * kMebibyte,
       .environment = "TESTGEN_LOG_MAX_SIZE",
       .commands = kServe,
       .help = "Rotate the log file before it grows past this; 0 leaves that to logrotate",
       .field = &Settings::log_max_size},
      {.name = "log-max-age",
       .group = kObserve,
       .kind = Kind::Duration,
       .placeholder = "TIME",
       .default_text = "0s",
       .maximum = 10'000 * kHour,
       .environment = "TESTGEN_LOG_MAX_AGE",
       .commands = kServe,
       .help = "Rotate the log file when it was begun longer ago; 0s leaves that to logrotate",
       .field = &Settings::log_max_age},
      {.name = "log-keep",
       .group = kObserve,
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "5",
       .maximum = 1000,
       .environment = "TESTGEN_LOG_KEEP",
       .commands = kServe,
       .help = "Rotated log files that stay",
       .field = &Settings::log_keep},
      {.name = "jaeger-endpoint",
       .group = kObserve,
       .kind = Kind::Text,
       .environment = "OTEL_EXPORTER_JAEGER_ENDPOINT",
       .in_file = InFile::Never,
       .help = "Deprecated and without effect but for a warning in the log: Jaeger takes OTLP, so "
               "set otlp-endpoint",
       .field = &Settings::jaeger_endpoint},
      {.name = "service-name",
       .group = kObserve,
       .kind = Kind::Text,
       .placeholder = "NAME",
       .default_text = "testgen-copilot",
       .environment = "OTEL_SERVICE_NAME",
       .commands = kServe,
       .help = "Name that traces, metrics and logs carry",
       .field = &Settings::service_name},
      {.name = "debug-metrics",
       .group = kObserve,
       .kind = Kind::Switch,
       .default_text = "false",
       .environment = "DEBUG_METRICS",
       .commands = kServe,
       .live = true,
       .help = "Also expose the detailed metrics of debug mode",
       .field = &Settings::debug_metrics},
      {.name = "native-histograms",
       .group = kObserve,
       .kind = Kind::Switch,
       .default_text = "false",
       .environment = "TESTGEN_NATIVE_HISTOGRAMS",
       .commands = kServe,
       .help = "Also keep native histograms, for a Prometheus that takes them",
       .field = &Settings::native_histograms},
      {.name = "metric-series-limit",
       .group = kObserve,
       .kind = Kind::Count,
       .placeholder = "N",
       .default_text = "0",
       .maximum = 1e6,
       .environment = "TESTGEN_METRIC_SERIES_LIMIT",
       .commands = kServe,
       .help =
           "Most label combinations of one metric, below its own cap; the rest share one series; "
           "0 leaves each cap as it is",
       .field = &Settings::metric_series_limit},
      {.name = "trace-memory",
       .group = kObserve,
       .kind = Kind::Bytes,
       .placeholder = "SIZE",
       .default_text = "32MiB",
       .minimum = 16 * 1024,
       .maximum = 4096 * kMebibyte,
       .environment = "TESTGEN_TRACE_MEMORY",
       .commands = kServe,
       .help = "Memory for finished spans, where traces are read back; the oldest leave first",
       .field = &Settings::trace_memory},
  };
}

Setting config_setting() {
  return {.name = "config",
          .group = kSettingsGroup,
          .letter = 'c',
          .kind = Kind::Path,
          .placeholder = "FILE",
          .environment = "TESTGEN_CONFIG",
          .commands = kGenerate | kAnalyze | kServe | kDoctor | kConfig | kTrace | kKeys | kEnv |
                      kLlm | kScan | kRules | kOps | kTop | kBundle | kDrill,
          .in_file = InFile::Never,
          .help = "Settings file in place of the project's .testgen.yaml",
          .field = &Settings::config};
}

}  // namespace

std::span<const Setting> settings_table() {
  static const std::vector<Setting> table = [] {
    std::vector<Setting> rows = work_settings();
    add_service_settings(rows);
    for (Setting& row : observing_settings()) rows.push_back(std::move(row));
    add_llm_settings(rows);
    add_scan_settings(rows);
    add_export_settings(rows);
    rows.push_back(config_setting());
    return rows;
  }();
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
    case Kind::Percent:
      return "0 to 100";
    case Kind::Switch:
      return "true, false";
    case Kind::Choice: {
      std::string out;
      for (const std::string_view choice : setting.choices) {
        out += (out.empty() ? "" : ", ") + std::string(choice);
      }
      return out;
    }
    case Kind::List:
    case Kind::Text:
    case Kind::Path:
      return "";
  }
  return "";
}

}  // namespace testgen::config
