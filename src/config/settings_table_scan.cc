// The rows of the settings table about the security scanner.
#include "config/settings_table_parts.h"

namespace testgen::config {
namespace {

constexpr std::string_view kScanning = "Security rules";
constexpr std::string_view kReproducing = "Tests that reproduce findings";
constexpr std::string_view kScanReport = "The report";
constexpr double kMebibyte = 1024.0 * 1024.0;

}  // namespace

void add_scan_settings(std::vector<Setting>& rows) {
  rows.push_back({.name = "rules",
                  .group = kScanning,
                  .kind = Kind::Path,
                  .placeholder = "DIR",
                  .environment = "TESTGEN_RULES",
                  .commands = kScan | kRules,
                  .help = "Folder with more rules, beside those that come with the program",
                  .field = &Settings::rules});
  rows.push_back({.name = "rule",
                  .group = kScanning,
                  .kind = Kind::List,
                  .placeholder = "ID",
                  .commands = kScan,
                  .in_file = InFile::Never,
                  .help = "Only rules whose id begins like this, such as python/ or "
                          "java/sql-injection; may be repeated",
                  .field = &Settings::only_rules});
  rows.push_back({.name = "audit",
                  .group = kScanning,
                  .kind = Kind::Switch,
                  .default_text = "false",
                  .environment = "TESTGEN_AUDIT",
                  .commands = kScan,
                  .help = "Also rules that only point at what a person must judge",
                  .field = &Settings::audit});
  rows.push_back({.name = "max-file-size",
                  .group = kScanning,
                  .kind = Kind::Bytes,
                  .placeholder = "SIZE",
                  .default_text = "5MiB",
                  .minimum = 1024,
                  .maximum = 1024 * kMebibyte,
                  .environment = "TESTGEN_MAX_FILE_SIZE",
                  .commands = kScan,
                  .help = "Larger files are left out, and named",
                  .field = &Settings::max_file_size});
  rows.push_back({.name = "prefilter",
                  .group = kScanning,
                  .kind = Kind::Switch,
                  .default_text = "true",
                  .commands = kScan,
                  .in_file = InFile::Never,
                  .help = "Parse only files with the words that some rule needs; the findings are "
                          "the same without",
                  .field = &Settings::prefilter});
  rows.push_back({.name = "no-cache",
                  .group = kScanning,
                  .kind = Kind::Switch,
                  .default_text = "false",
                  .environment = "TESTGEN_NO_CACHE",
                  .commands = kScan,
                  .help = "Scan every file afresh, and keep nothing for the next time",
                  .field = &Settings::no_cache});
  rows.push_back({.name = "fix",
                  .group = kScanning,
                  .kind = Kind::Switch,
                  .default_text = "false",
                  .commands = kScan,
                  .in_file = InFile::Never,
                  .help = "Mend in the files what can be mended without judgement; findings that "
                          "are ignored, accepted or not shown stay as they are",
                  .field = &Settings::fix});
  // In no file: who scans code that is not theirs must not come to run it unawares.
  rows.push_back({.name = "reproduce",
                  .group = kReproducing,
                  .kind = Kind::Switch,
                  .default_text = "false",
                  .commands = kScan,
                  .in_file = InFile::Never,
                  .help =
                      "Call the code of Python findings in a sandbox, and write a test for each "
                      "that passes on what it is given",
                  .field = &Settings::reproduce});
  rows.push_back({.name = "reproduce-output",
                  .group = kReproducing,
                  .kind = Kind::Path,
                  .placeholder = "DIR",
                  .default_text = "generated-tests",
                  .commands = kScan,
                  .help = "Folder that these tests are written to",
                  .field = &Settings::reproduce_output});
  rows.push_back({.name = "format",
                  .group = kScanReport,
                  .kind = Kind::Choice,
                  .placeholder = "NAME",
                  .default_text = "text",
                  .choices = {"text", "json", "sarif", "junit", "gitlab"},
                  .environment = "TESTGEN_FORMAT",
                  .commands = kScan,
                  .help = "How the findings are written",
                  .field = &Settings::format});
  rows.push_back({.name = "report",
                  .group = kScanReport,
                  .letter = 'o',
                  .kind = Kind::Path,
                  .placeholder = "FILE",
                  .environment = "TESTGEN_REPORT",
                  .commands = kScan,
                  .in_file = InFile::Named,
                  .help = "File the findings are written to; standard output when not given",
                  .field = &Settings::report});
  rows.push_back({.name = "baseline",
                  .group = kScanReport,
                  .kind = Kind::Path,
                  .placeholder = "FILE",
                  .environment = "TESTGEN_BASELINE",
                  .commands = kScan,
                  .help = "Findings in this file are accepted; made by --write-baseline",
                  .field = &Settings::baseline});
  rows.push_back({.name = "write-baseline",
                  .group = kScanReport,
                  .kind = Kind::Path,
                  .placeholder = "FILE",
                  .commands = kScan,
                  .in_file = InFile::Never,
                  .help = "Write what is found to this file, to be accepted from now on",
                  .field = &Settings::write_baseline});
  rows.push_back({.name = "min-severity",
                  .group = kScanReport,
                  .kind = Kind::Choice,
                  .placeholder = "LEVEL",
                  .default_text = "low",
                  .choices = {"critical", "high", "medium", "low", "info"},
                  .environment = "TESTGEN_MIN_SEVERITY",
                  .commands = kScan,
                  .help = "Findings below are counted and not shown",
                  .field = &Settings::min_severity});
  rows.push_back({.name = "fail-on",
                  .group = kScanReport,
                  .kind = Kind::Choice,
                  .placeholder = "LEVEL",
                  .default_text = "never",
                  .choices = {"critical", "high", "medium", "low", "info", "never"},
                  .environment = "TESTGEN_FAIL_ON",
                  .commands = kScan,
                  .help = "Exit with 6 when a finding is this severe or worse",
                  .field = &Settings::fail_on});
}

}  // namespace testgen::config
