// Calls of models as metrics, spans and log lines see them: testgen_llm_*, a client span named by
// OpenTelemetry's conventions for generative AI, and llm_error for each attempt that fails. One
// belongs to one thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/llm/client.h"
#include "telemetry/gen_ai_span.h"
#include "telemetry/telemetry.h"

namespace testgen::pipeline {

class ObservedCalls final : public llm::CallWatch {
 public:
  // Borrows; spans are children of `parent`, and hold of what is said what `record` allows.
  ObservedCalls(telemetry::Telemetry& telemetry, const telemetry::SpanContext& parent,
                const llm::Spending& spending, const telemetry::GenAiCapture& record)
      : telemetry_(telemetry), parent_(parent), spending_(spending), capture_(record) {}

  std::vector<std::pair<std::string, std::string>> begin(const llm::Attempt& attempt) override;
  void end(const llm::Attempt& attempt, const llm::AttemptEnd& end) override;
  void falls_back(const llm::ProviderPlace& from) override;
  void circuit(const llm::ProviderPlace& place, llm::CircuitState state) override;
  void budget_warning(const llm::BudgetWarning& warning) override;
  void looked_up(llm::LookUpOutcome outcome, std::size_t bytes) override;

  [[nodiscard]] std::uint64_t tokens() const { return tokens_; }
  // Of all attempts; nothing when the price of one is unknown.
  [[nodiscard]] std::optional<double> dollars() const { return dollars_; }

 private:
  void count_tokens(const llm::Attempt& attempt, const llm::Usage& usage);

  telemetry::Telemetry& telemetry_;
  telemetry::SpanContext parent_;
  const llm::Spending& spending_;
  const telemetry::GenAiCapture capture_;
  std::optional<telemetry::GenAiSpan> span_;
  std::uint64_t tokens_ = 0;
  std::optional<double> dollars_ = 0.0;
};

}  // namespace testgen::pipeline
