// The settings of the model engine: which models, how long, how much. Part of Settings; plain
// data. Keys are not among them: they come from the providers' own variables or from files.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace testgen::config {

struct LlmSettings {
  std::string engine;                     // "explorer", "llm" or "auto"; empty: as the service says
  std::vector<std::string> llm;           // "PROVIDER:MODEL", in the order they are tried
  std::vector<std::string> llm_url;       // "PROVIDER=URL"
  std::vector<std::string> llm_key_file;  // "PROVIDER=FILE"
  std::vector<std::string> llm_never_send;  // patterns of files
  std::string llm_look_up;                  // "off", "module" or "package"
  std::chrono::milliseconds llm_time{0};    // for the model's part of one module
  std::uint64_t llm_attempts = 0;           // at one function
  std::uint64_t llm_max_output = 0;         // tokens of one reply
  double llm_budget = 0;                    // dollars in one run; 0: no limit
  double llm_day_budget = 0;                // dollars in one day; 0: no limit
  double llm_key_budget = 0;                // dollars of one API key in one day; 0: no limit
  std::uint64_t llm_token_budget = 0;       // tokens in one run; 0: no limit
  std::string llm_ledger;                   // file of what was spent today
  std::string llm_prices;                   // file of prices; empty: those built in
  std::chrono::milliseconds llm_connect_timeout{0};
  std::chrono::milliseconds llm_first_token_timeout{0};
  std::chrono::milliseconds llm_timeout{0};  // for one call
  std::uint64_t llm_retries = 0;
  std::uint64_t llm_at_once = 0;  // calls to one provider
  std::uint64_t llm_calls_a_minute = 0;
  std::uint64_t llm_tokens_a_minute = 0;
  std::string llm_replies;  // folder of kept replies; empty: none are kept
  // What of calls is recorded in traces; each on its own.
  bool trace_llm_instructions = false;
  bool trace_llm_prompts = false;
  bool trace_llm_replies = false;
  std::string llm_replies_mode;  // "cache", "record" or "replay"
};

}  // namespace testgen::config
