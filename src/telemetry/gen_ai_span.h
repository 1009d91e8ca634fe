// A span around one call of a language model, named and filled as OpenTelemetry's conventions for
// generative AI have it (gen_ai.*, status: development; the names are in one place,
// gen_ai_span.cc). What was asked and answered is content: it is left out unless the operator has
// switched its category on, and then goes through the same search for secrets as log lines. One
// span belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "telemetry/tracing/tracer.h"

namespace testgen::telemetry {

// Each category by itself; all off.
struct GenAiCapture {
  bool system_instructions = false;
  bool input_messages = false;
  bool output_messages = false;
};

// What is known before the call. What is absent is left out.
struct GenAiRequest {
  std::string operation = "chat";
  std::string provider;  // "openai", "anthropic"
  std::string model;
  std::string server_address;
  std::uint16_t server_port = 0;
  std::optional<std::uint64_t> max_tokens;
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<std::int64_t> seed;
  std::optional<bool> stream;
};

// What is known after it.
struct GenAiResponse {
  std::string id;
  std::string model;
  std::vector<std::string> finish_reasons;  // of each choice: "stop", "length"
  std::optional<std::uint64_t> input_tokens;
  std::optional<std::uint64_t> output_tokens;
  std::optional<std::uint64_t> cached_tokens;     // of the input
  std::optional<std::uint64_t> reasoning_tokens;  // of the output
  std::optional<double> first_chunk_seconds;      // streaming only
};

class GenAiSpan {
 public:
  // `capture` and `tracer` are borrowed.
  GenAiSpan(Tracer& tracer, const SpanContext& parent, const GenAiRequest& request,
            const GenAiCapture& capture);

  // Content, as JSON in the shape of the conventions' message schemas. Does nothing for a category
  // that is off.
  void system_instructions(std::string_view json);
  void input_messages(std::string_view json);
  void output_messages(std::string_view json);

  void answered(const GenAiResponse& response);
  // `error_type` is one of the labels of testgen_llm_errors_total.
  void failed(std::string_view error_type, std::string_view message);

  // Headers that continue the trace at the provider or at a gateway before it.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> headers() const {
    return tracer_.inject(span_.context());
  }
  [[nodiscard]] const SpanContext& context() const { return span_.context(); }

 private:
  void content(bool wanted, StaticText key, std::string_view json);

  Tracer& tracer_;
  const GenAiCapture& capture_;
  Span span_;
};

}  // namespace testgen::telemetry
