#include "telemetry/gen_ai_span.h"

#include "telemetry/logging/redact.h"

namespace testgen::telemetry {
namespace {

template <class T>
void set_known(Span& span, StaticText key, const std::optional<T>& value) {
  if (value) span.set(key, *value);
}

}  // namespace

GenAiSpan::GenAiSpan(Tracer& tracer, const SpanContext& parent, const GenAiRequest& request,
                     const GenAiCapture& capture)
    : tracer_(tracer),
      capture_(capture),
      span_(tracer.start(
          request.model.empty() ? request.operation : request.operation + " " + request.model,
          SpanKind::Client, parent)) {
  span_.set("gen_ai.operation.name", request.operation);
  span_.set("gen_ai.provider.name", request.provider);
  if (!request.model.empty()) span_.set("gen_ai.request.model", request.model);
  if (!request.server_address.empty()) span_.set("server.address", request.server_address);
  if (request.server_port != 0) span_.set("server.port", request.server_port);
  set_known(span_, "gen_ai.request.max_tokens", request.max_tokens);
  set_known(span_, "gen_ai.request.temperature", request.temperature);
  set_known(span_, "gen_ai.request.top_p", request.top_p);
  set_known(span_, "gen_ai.request.seed", request.seed);
  set_known(span_, "gen_ai.request.stream", request.stream);
}

void GenAiSpan::content(bool wanted, StaticText key, std::string_view json) {
  if (wanted && span_.recording()) span_.set(key, redact(json));
}

void GenAiSpan::system_instructions(std::string_view json) {
  content(capture_.system_instructions, "gen_ai.system_instructions", json);
}

void GenAiSpan::input_messages(std::string_view json) {
  content(capture_.input_messages, "gen_ai.input.messages", json);
}

void GenAiSpan::output_messages(std::string_view json) {
  content(capture_.output_messages, "gen_ai.output.messages", json);
}

void GenAiSpan::answered(const GenAiResponse& response) {
  if (!response.id.empty()) span_.set("gen_ai.response.id", response.id);
  if (!response.model.empty()) span_.set("gen_ai.response.model", response.model);
  if (!response.finish_reasons.empty()) {
    span_.set_list("gen_ai.response.finish_reasons", response.finish_reasons);
  }
  set_known(span_, "gen_ai.usage.input_tokens", response.input_tokens);
  set_known(span_, "gen_ai.usage.output_tokens", response.output_tokens);
  set_known(span_, "gen_ai.usage.cache_read.input_tokens", response.cached_tokens);
  set_known(span_, "gen_ai.usage.reasoning.output_tokens", response.reasoning_tokens);
  set_known(span_, "gen_ai.response.time_to_first_chunk", response.first_chunk_seconds);
}

void GenAiSpan::failed(std::string_view error_type, std::string_view message) {
  span_.set("error.type", error_type);
  // Providers repeat the key that they did not like.
  span_.record_exception(error_type, redact(message));
}

}  // namespace testgen::telemetry
