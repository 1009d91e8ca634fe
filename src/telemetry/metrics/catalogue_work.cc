#include "telemetry/metrics/catalogue_rows.h"

namespace testgen::telemetry {
namespace {

const std::vector<double> kFileBytes{256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304};
const std::vector<double> kShare{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1};

const LabelSpec kLanguage{"language", {"python"}};
const LabelSpec kCoverageKind{"kind", {"line", "branch"}, true};
const LabelSpec kStage{
    "stage", {"load", "analyze", "learn", "propose", "verify", "ask", "score", "emit", "record"}};
const LabelSpec kStageOutcome{"outcome", {"ok", "error"}, true};
// model::Outcome's names.
const LabelSpec kSandboxOutcome{"outcome",
                                {"exited", "signalled", "timed_out", "cpu_exceeded",
                                 "output_exceeded", "setup_failed", "cancelled"},
                                true};
const LabelSpec kKillReason{
    "reason", {"timed_out", "cpu_exceeded", "output_exceeded", "cancelled"}, true};
const LabelSpec kSeverity{"severity", {"critical", "high", "medium", "low", "info"}, true};
const LabelSpec kProvider{"provider", {"openai", "anthropic"}};
const LabelSpec kLlmStatus{"status", {"success", "error", "timeout", "rate_limited"}, true};
const LabelSpec kTokenType{"type", {"input", "output", "cached"}, true};
const LabelSpec kLlmErrorType{
    "error_type",
    {"timeout", "rate_limited", "unavailable", "authentication", "invalid_response", "other"},
    true};
// Which models there are is the operator's choice; "other" is there from the start.
const LabelSpec kModel{"model", {"other"}};
const LabelSpec kProposalOutcome{"outcome", {"kept", "rejected"}, true};
const LabelSpec kLookUpOutcome{"outcome", {"answered", "unknown", "denied", "over_limit"}, true};
const LabelSpec kCircuitState{"state", {"closed", "half_open", "open"}, true};
const LabelSpec kScanOutcome{"outcome", {"scanned", "skipped"}, true};
const LabelSpec kConfidence{"confidence", {"high", "medium", "low"}, true};
// Which rules there are is the scanner's; "other" is there from the start.
const LabelSpec kRule{"rule", {"other"}};
const LabelSpec kVerdict{"verdict", {"confirmed", "false_positive"}, true};
const LabelSpec kRating{"rating", {"accepted", "rejected"}, true};

using enum MetricType;

std::vector<MetricSpec> generate_rows() {
  return {
      {.name = "testgen_tests_generated_total",
       .help = "Tests kept after verification, by language",
       .labels = {kLanguage},
       .series_cap = 20,
       .feature = "generate",
       .fixed = true},
      {.name = "testgen_tests_dropped_total",
       .help = "Proposed tests that verification did not keep, by language",
       .labels = {kLanguage},
       .series_cap = 20,
       .feature = "generate"},
      {.name = "testgen_generation_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time to generate the tests of one source file, by language",
       .labels = {kLanguage},
       .bounds = kWorkSeconds,
       .series_cap = 20,
       .feature = "generate",
       .fixed = true},
      {.name = "testgen_file_size_bytes",
       .type = Histogram,
       .unit = "bytes",
       .help = "Size of the source files worked on",
       .bounds = kFileBytes,
       .feature = "generate",
       .fixed = true},
      {.name = "testgen_test_quality_score",
       .type = Histogram,
       .help = "Quality of the tests of one source file, from 0 to 1",
       .bounds = kShare,
       .feature = "generate",
       .fixed = true},
      {.name = "testgen_mutation_score",
       .type = Histogram,
       .help = "Share of the tried mutants that the tests of one source file kill, from 0 to 1",
       .bounds = kShare,
       .feature = "generate"},
      {.name = "testgen_coverage_ratio",
       .type = Histogram,
       .unit = "ratio",
       .help = "Lines or branches of one source file that its tests reach, from 0 to 1",
       .labels = {kCoverageKind},
       .bounds = kShare,
       .series_cap = 2,
       .feature = "generate"},
      {.name = "testgen_candidate_executions_total",
       .help = "Candidate tests run by the search, by language",
       .labels = {kLanguage},
       .series_cap = 20,
       .feature = "generate"},
      {.name = "testgen_stage_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time of each stage of the pipeline",
       .labels = {kStage},
       .bounds = kWorkSeconds,
       .series_cap = 40,
       .feature = "generate"},
      {.name = "testgen_stage_outcomes_total",
       .help = "Stages ended, by outcome",
       .labels = {kStage, kStageOutcome},
       .series_cap = 80,
       .feature = "generate"},
      {.name = "testgen_sandbox_runs_total",
       .help = "Sandboxed runs of user code, by outcome",
       .labels = {kSandboxOutcome},
       .series_cap = 12,
       .feature = "sandbox"},
      {.name = "testgen_sandbox_kills_total",
       .help = "Sandboxed runs that were ended from outside, by reason",
       .labels = {kKillReason},
       .series_cap = 8,
       .feature = "sandbox"},
      {.name = "testgen_sandbox_run_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time of one sandboxed run, from its set-up to its end",
       .bounds = kWorkSeconds,
       .feature = "sandbox"},
  };
}

std::vector<MetricSpec> llm_rows() {
  return {
      {.name = "testgen_llm_requests_total",
       .help = "Attempts to call a model, by provider and result",
       .labels = {kProvider, kLlmStatus},
       .series_cap = 80,
       .feature = "llm",
       .fixed = true},
      {.name = "testgen_llm_tokens_total",
       .help = "Tokens used, by provider and type",
       .labels = {kProvider, kTokenType},
       .series_cap = 60,
       .feature = "llm",
       .fixed = true},
      {.name = "testgen_llm_errors_total",
       .help = "Failed attempts to call a model, by provider and kind",
       .labels = {kProvider, kLlmErrorType},
       .series_cap = 120,
       .feature = "llm",
       .fixed = true},
      {.name = "testgen_llm_request_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time of one attempt to call a model, by provider",
       .labels = {kProvider},
       .bounds = kWorkSeconds,
       .series_cap = 20,
       .feature = "llm"},
      {.name = "testgen_llm_time_to_first_token_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time until the first token of a streamed reply, by provider",
       .labels = {kProvider},
       .bounds = kWorkSeconds,
       .series_cap = 20,
       .feature = "llm"},
      {.name = "testgen_llm_cost_dollars_total",
       .type = ObservedCounter,
       .unit = "dollars",
       .help = "Price of the tokens used, by provider",
       .labels = {kProvider},
       .series_cap = 20,
       .feature = "llm"},
      {.name = "testgen_llm_budget_dollars",
       .type = Gauge,
       .unit = "dollars",
       .help = "What may be spent on models, in a day or else since the start; 0 without a limit",
       .feature = "llm"},
      {.name = "testgen_llm_budget_spent_ratio",
       .type = Gauge,
       .unit = "ratio",
       .help = "Share of the budget for models that is used, the fullest of its limits; 0 without "
               "a limit",
       .feature = "llm"},
      {.name = "testgen_llm_circuit_state",
       .type = Gauge,
       .help = "1 for the state a provider's circuit breaker is in, 0 for the others",
       .labels = {kProvider, kCircuitState},
       .series_cap = 60,
       .feature = "llm"},
      {.name = "testgen_llm_fallbacks_total",
       .help = "Calls that another provider took over, by the provider that could not",
       .labels = {kProvider},
       .series_cap = 20,
       .feature = "llm"},
      {.name = "testgen_llm_retries_total",
       .help = "Attempts to call a model that repeat a failed one, by provider",
       .labels = {kProvider},
       .series_cap = 20,
       .feature = "llm"},
      {.name = "testgen_llm_lookups_total",
       .help = "Symbols that models asked to see, by outcome",
       .labels = {kLookUpOutcome},
       .series_cap = 8,
       .feature = "llm"},
      {.name = "testgen_llm_proposals_total",
       .help = "Tests that models proposed, by model and by what became of them",
       .labels = {kModel, kProposalOutcome},
       .series_cap = 80,
       .feature = "llm"},
      {.name = "testgen_llm_model_request_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time of one attempt to call a model, by model",
       .labels = {kModel},
       .bounds = kWorkSeconds,
       .series_cap = 20,
       .feature = "llm"},
      {.name = "testgen_llm_model_cost_dollars_total",
       .type = ObservedCounter,
       .unit = "dollars",
       .help = "Price of the tokens used, by model",
       .labels = {kModel},
       .series_cap = 20,
       .feature = "llm"},
      {.name = "testgen_cost_per_kept_test_dollars",
       .type = Gauge,
       .unit = "dollars",
       .help = "Price of models since the start over the tests kept since then",
       .feature = "llm"},
  };
}

std::vector<MetricSpec> scan_rows() {
  return {
      {.name = "testgen_security_issues_total",
       .help = "Security issues found, by severity",
       .labels = {kSeverity},
       .series_cap = 8,
       .feature = "scan",
       .fixed = true},
      {.name = "testgen_scan_findings_total",
       .help = "Security issues found, by rule and by how sure it is",
       .labels = {kRule, kConfidence},
       .series_cap = 600,
       .feature = "scan"},
      {.name = "testgen_scan_lines_total",
       .help = "Lines of the source files scanned; issues over these are the detection rate",
       .feature = "scan"},
      {.name = "testgen_scan_files_total",
       .help = "Source files met by a scan, by whether they could be scanned",
       .labels = {kScanOutcome},
       .series_cap = 4,
       .feature = "scan"},
      {.name = "testgen_scan_coverage_ratio",
       .type = Gauge,
       .unit = "ratio",
       .help = "Bytes that the last scan could read as code over the bytes it met, from 0 to 1",
       .feature = "scan"},
      {.name = "testgen_scan_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time to scan one source file",
       .bounds = kWorkSeconds,
       .feature = "scan"},
      {.name = "testgen_scan_feedback_total",
       .help = "Findings judged by their readers, by rule and verdict",
       .labels = {kRule, kVerdict},
       .series_cap = 400,
       .feature = "feedback"},
      {.name = "testgen_scan_false_positive_ratio",
       .type = Gauge,
       .unit = "ratio",
       .help = "Findings judged false positives over findings judged, from 0 to 1",
       .feature = "feedback"},
      {.name = "testgen_scan_confirmed_ratio",
       .type = Gauge,
       .unit = "ratio",
       .help = "Findings confirmed over findings judged, from 0 to 1; 0 while none is judged",
       .feature = "feedback"},
      {.name = "testgen_feedback_total",
       .help = "Generated tests rated by their users, by rating",
       .labels = {kRating},
       .series_cap = 4,
       .feature = "feedback"},
      {.name = "testgen_user_satisfaction_ratio",
       .type = Gauge,
       .unit = "ratio",
       .help = "Tests accepted over tests rated, from 0 to 1; 1 while none is rated",
       .feature = "feedback"},
  };
}

}  // namespace

std::vector<MetricSpec> work_rows() {
  std::vector<MetricSpec> all;
  for (const auto& group : {generate_rows(), llm_rows(), scan_rows()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace testgen::telemetry
