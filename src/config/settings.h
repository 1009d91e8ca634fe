// Every setting of the program, typed. Filled by resolve() (resolve.h) from the one table
// (settings_table.h); nothing else reads flags, variables or the file. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace testgen::config {

struct Settings {
  // What to generate, and where to put it.
  std::string output;
  std::chrono::milliseconds budget{0};  // for one module
  std::uint64_t seed = 0;
  std::uint64_t jobs = 0;  // modules at the same time; 0: half of the cores
  std::string json;        // file for the report; "-" is standard output; empty: none
  std::string trace_file;  // file for the spans of the run; empty: none
  bool quiet = false;
  bool verbose = false;

  // How user code is run.
  std::string python;  // empty: found for each project
  bool unsafe_no_sandbox = false;

  // The service.
  std::string listen;
  std::string data;
  std::string token_file;
  std::string api_token;      // a secret: never printed
  std::uint64_t workers = 0;  // 0: one for each core
  std::uint64_t queue_limit = 0;
  std::uint64_t body_limit = 0;  // bytes
  std::uint64_t cache_size = 0;  // bytes
  std::chrono::milliseconds drain_timeout{0};

  // Telemetry.
  std::string log_format;
  std::string log_level;
  std::string log_file;  // empty: standard error
  std::string otlp_endpoint;
  std::string service_name;
  double trace_ratio = 0;
  bool debug_metrics = false;

  std::string config;  // the settings file; empty: .testgen.yaml where it exists
};

}  // namespace testgen::config
