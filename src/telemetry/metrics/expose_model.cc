#include "telemetry/metrics/expose_model.h"

namespace testgen::telemetry {

void expose_model(const Metrics& metrics, std::string_view provider, std::string_view model) {
  for (const char* status : {"success", "error", "timeout", "rate_limited"}) {
    (void)metrics.llm_requests_total.with(provider, status);
  }
  for (const char* type : {"input", "output", "cached"}) {
    (void)metrics.llm_tokens_total.with(provider, type);
  }
  for (const char* kind :
       {"timeout", "rate_limited", "unavailable", "authentication", "invalid_response", "other"}) {
    (void)metrics.llm_errors_total.with(provider, kind);
  }
  (void)metrics.llm_request_duration_seconds.with(provider);
  (void)metrics.llm_time_to_first_token_seconds.with(provider);
  (void)metrics.llm_cost_dollars_total.with(provider);
  (void)metrics.llm_fallbacks_total.with(provider);
  (void)metrics.llm_retries_total.with(provider);
  (void)metrics.llm_model_request_duration_seconds.with(model);
  (void)metrics.llm_model_cost_dollars_total.with(model);
  for (const char* outcome : {"kept", "rejected"}) {
    (void)metrics.llm_proposals_total.with(model, outcome);
  }
}

}  // namespace testgen::telemetry
