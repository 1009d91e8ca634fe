// Every setting of the program, typed. Filled by resolve() (resolve.h) from the one table
// (settings_table.h); nothing else reads flags, variables or the file. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/export_settings.h"
#include "config/llm_settings.h"

namespace testgen::config {

struct Settings : ExportSettings, LlmSettings {
  // What to work on.
  std::vector<std::string> symbols;  // qualified names; empty: all
  std::string diff;                  // a revision; empty: everything
  std::vector<std::string> exclude;  // patterns of files and folders
  bool dry_run = false;
  std::string tests;  // analyze: folder or file of the tests that exist

  // How long and how much.
  std::chrono::milliseconds budget{0};  // for one module
  std::uint64_t max_executions = 0;     // 0: the budget decides
  std::uint64_t seed = 0;
  std::uint64_t jobs = 0;  // modules at the same time; 0: half of the cores

  // What is written, and what must be reached; targets are percent, 0: none.
  std::string output;
  std::string framework;
  double coverage_target = 0;
  double mutation_target = 0;
  double quality_target = 0;

  // Reports: files, empty for none.
  std::string json;  // "-" is standard output
  std::string junit;
  std::string lcov;
  std::string cobertura;
  std::string trace_file;
  bool quiet = false;
  bool verbose = false;

  // The security scanner.
  std::string rules;                    // folder of more rules; empty: none
  std::vector<std::string> only_rules;  // ids or their beginnings; empty: all
  bool audit = false;
  std::uint64_t max_file_size = 0;  // bytes
  bool prefilter = true;
  bool no_cache = false;
  bool fix = false;
  bool reproduce = false;
  std::string reproduce_output;
  std::string format;
  std::string report;          // file; empty: standard output
  std::string baseline;        // file of accepted findings; empty: none
  std::string write_baseline;  // file; empty: none
  std::string min_severity;
  std::string fail_on;  // a severity, or "never"

  // How user code is run.
  std::string python;  // empty: found for each project
  bool unsafe_no_sandbox = false;

  // The service.
  std::string server;              // what `trace` asks
  std::string server_certificate;  // whom to trust for it; empty: the system's
  std::string server_environment;  // where it runs the code; empty: its usual Python
  std::string prometheus;          // what `ops` and `drill` ask
  std::string alertmanager;
  std::string listen;
  std::string admin_listen;  // empty: administrators use `listen`
  std::string data;
  std::string token_file;
  std::string api_token;      // a secret: never printed
  std::uint64_t workers = 0;  // 0: one for each core
  std::uint64_t queue_limit = 0;
  std::uint64_t body_limit = 0;  // bytes
  std::uint64_t cache_size = 0;  // bytes
  std::chrono::milliseconds drain_timeout{0};
  std::chrono::milliseconds keep_jobs{0};
  std::chrono::milliseconds keep_cached{0};
  std::string redis_url;            // empty: none
  std::string redis_password_file;  // its password is a secret: only ever in a file
  std::string notify_socket;        // systemd's; empty: it does not ask
  std::uint64_t watchdog_usec = 0;  // 0: no watchdog
  std::uint64_t watchdog_pid = 0;   // 0: whoever reads it
  std::uint64_t rate_limit = 0;     // requests a minute and key; 0: no limit
  std::string tls_certificate;      // empty: in clear
  std::string tls_key;
  std::string audit_log;  // empty: in the data folder
  bool allow_drills = false;
  std::string jira_url;         // where alerts that persist get a ticket; empty: nowhere
  std::string jira_user;        // of Jira Cloud; empty: Data Center
  std::string jira_token_file;  // its token is a secret: only ever in a file
  std::string jira_project;
  std::string jira_issue_type;

  // A drill.
  std::string inject;  // shell command that breaks something; empty: the drill's own way
  std::string lift;    // shell command that mends it
  std::string fill;    // folder whose disk is filled; empty: none
  std::chrono::milliseconds drill_timeout{0};

  // An API key that is being created.
  std::string role;
  std::string tenant;
  std::uint64_t key_days = 0;                 // 0: never expires
  std::uint64_t key_requests_per_minute = 0;  // 0: as the service says

  std::string requirements;  // of an environment that is being built

  // Telemetry.
  std::string environment;                   // empty: by whether a person watches
  std::string log_format;                    // empty: by the environment
  std::string log_level;                     // empty: by the environment
  std::string log_file;                      // empty: standard error
  std::uint64_t log_max_size = 0;            // bytes; 0: not rotated by size
  std::chrono::milliseconds log_max_age{0};  // 0: not rotated by age
  std::uint64_t log_keep = 0;                // rotated files
  std::string jaeger_endpoint;               // deprecated: Jaeger takes OTLP
  std::string service_name;
  bool debug_metrics = false;
  bool native_histograms = false;

  std::string config;  // the settings file; empty: the project's .testgen.yaml

  // Not a setting: OpenTelemetry's variables with values that are not ours to refuse.
  std::vector<std::string> ignored;
};

}  // namespace testgen::config
