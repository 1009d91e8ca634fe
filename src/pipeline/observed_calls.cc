#include "pipeline/observed_calls.h"

#include <algorithm>

#include "pipeline/call_content.h"

namespace testgen::pipeline {
namespace {

using std::chrono::duration;

// The label status of testgen_llm_requests_total.
std::string_view status_of(const llm::CallOutcome& outcome) {
  if (!outcome.failure) return "success";
  switch (outcome.failure->kind) {
    case llm::FailureKind::Timeout:
      return "timeout";
    case llm::FailureKind::RateLimited:
      return "rate_limited";
    default:
      return "error";
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> ObservedCalls::begin(const llm::Attempt& attempt) {
  const llm::ProviderPlace& place = *attempt.place;
  if (attempt.retry_count > 0) {
    telemetry_.metrics().llm_retries_total.with(place.name).add();
  }
  telemetry::GenAiRequest request;
  request.provider = place.name;
  request.model = attempt.model;
  request.server_address = place.host;
  request.server_port = static_cast<std::uint16_t>(place.port);
  request.max_tokens = attempt.request->max_output_tokens;
  request.temperature = attempt.request->temperature;
  request.stream = true;
  span_.emplace(telemetry_.tracer(), parent_, request, capture_);
  if (capture_.system_instructions) {
    span_->system_instructions(instructions_as_json(*attempt.request));
  }
  if (capture_.input_messages) span_->input_messages(input_as_json(*attempt.request));
  auto headers = span_->headers();
  // What callers tell each other is not for a third party.
  std::erase_if(headers, [](const auto& header) { return header.first == "baggage"; });
  return headers;
}

void ObservedCalls::count_tokens(const llm::Attempt& attempt, const llm::Usage& usage) {
  const telemetry::Metrics& metrics = telemetry_.metrics();
  const std::string& provider = attempt.place->name;
  const std::uint64_t cached = std::min(usage.cached, usage.input);
  metrics.llm_tokens_total.with(provider, "input").add(usage.input - cached);
  metrics.llm_tokens_total.with(provider, "cached").add(cached);
  metrics.llm_tokens_total.with(provider, "output").add(usage.output);
  tokens_ += usage.input + usage.output;
}

void ObservedCalls::end(const llm::Attempt& attempt, const llm::AttemptEnd& end) {
  const telemetry::Metrics& metrics = telemetry_.metrics();
  const std::string& provider = attempt.place->name;
  const llm::CallOutcome& outcome = *end.outcome;
  metrics.llm_requests_total.with(provider, status_of(outcome)).add();
  metrics.llm_request_duration_seconds.with(provider).observe(
      duration<double>(end.duration).count(), span_->context());
  metrics.llm_model_request_duration_seconds.with(attempt.model)
      .observe(duration<double>(end.duration).count(), span_->context());
  if (outcome.reply.first_token) {
    metrics.llm_time_to_first_token_seconds.with(provider).observe(
        duration<double>(*outcome.reply.first_token).count(), span_->context());
  }
  if (outcome.reply.usage.reported) count_tokens(attempt, outcome.reply.usage);
  if (end.dollars) {
    metrics.llm_cost_dollars_total.with(provider).add(*end.dollars);
    metrics.llm_model_cost_dollars_total.with(attempt.model).add(*end.dollars);
    if (dollars_) *dollars_ += *end.dollars;
  } else {
    dollars_.reset();
  }
  const llm::SpendingLimits& limits = spending_.limits();
  metrics.llm_budget_dollars.set(limits.day_dollars > 0 ? limits.day_dollars : limits.run_dollars);
  metrics.llm_budget_spent_ratio.set(spending_.share());

  const llm::ChatReply& reply = outcome.reply;
  telemetry::GenAiResponse response;
  response.id = reply.id;
  response.model = reply.model;
  if (!outcome.failure) response.finish_reasons = {std::string(llm::to_string(reply.stop))};
  if (reply.usage.reported) {
    response.input_tokens = reply.usage.input;
    response.output_tokens = reply.usage.output;
    response.cached_tokens = reply.usage.cached;
  }
  if (reply.first_token) {
    response.first_chunk_seconds = duration<double>(*reply.first_token).count();
  }
  span_->answered(response);
  if (capture_.output_messages) {
    const std::string said = output_as_json(reply);
    if (!said.empty()) span_->output_messages(said);
  }
  if (outcome.failure && !outcome.failure->cancelled) {
    const llm::CallFailure& failure = *outcome.failure;
    metrics.llm_errors_total.with(provider, llm::to_string(failure.kind)).add();
    span_->failed(llm::to_string(failure.kind), failure.message);
    telemetry_.log().write(telemetry::LogEvent::LlmError, span_->context(),
                           {{"provider", provider},
                            {"model", attempt.model},
                            {"error_type", llm::to_string(failure.kind)},
                            {"retry_count", attempt.retry_count},
                            {"error", failure.message}});
  }
  span_.reset();
}

void ObservedCalls::falls_back(const llm::ProviderPlace& from) {
  telemetry_.metrics().llm_fallbacks_total.with(from.name).add();
}

void ObservedCalls::circuit(const llm::ProviderPlace& place, llm::CircuitState state) {
  const auto& gauges = telemetry_.metrics().llm_circuit_state;
  gauges.with(place.name, "closed").set(state == llm::CircuitState::Closed ? 1 : 0);
  gauges.with(place.name, "half_open").set(state == llm::CircuitState::HalfOpen ? 1 : 0);
  gauges.with(place.name, "open").set(state == llm::CircuitState::Open ? 1 : 0);
}

void ObservedCalls::looked_up(llm::LookUpOutcome outcome, std::size_t bytes) {
  telemetry_.metrics().llm_lookups_total.with(llm::to_string(outcome)).add();
  telemetry::Span span =
      telemetry_.tracer().start("execute_tool look_up", telemetry::SpanKind::Internal, parent_);
  span.set("gen_ai.operation.name", "execute_tool");
  span.set("gen_ai.tool.name", "look_up");
  span.set("look_up.outcome", llm::to_string(outcome));
  span.set("look_up.bytes", static_cast<std::int64_t>(bytes));
}

void ObservedCalls::budget_warning(const llm::BudgetWarning& warning) {
  telemetry_.log().write(telemetry::LogEvent::LlmBudget, parent_,
                         {{"share", warning.share}, {"key_id", warning.payer}});
}

}  // namespace testgen::pipeline
