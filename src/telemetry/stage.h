// One line of instrumentation for one step of work: a span, an observation of
// testgen_stage_duration_seconds{stage}, a count of testgen_stage_outcomes_total{stage,outcome}
// and a log line, all when the scope ends.
//   telemetry::Stage stage(telemetry, parent, "verify");
//   stage.set("tests.count", n);
// A stage left by an exception, or by fail(), has the outcome "error". testgen_errors_total is
// not moved here: an error passes through many stages and is counted once, where it is answered
// for (Telemetry::count_error). A stage belongs to one thread.
#pragma once

#include <string_view>

#include "base/error.h"
#include "telemetry/telemetry.h"

namespace testgen::telemetry {

class Stage {
 public:
  // `name` is a constant of the code: it becomes a label and the span's name, unless `span_name`
  // says otherwise.
  Stage(Telemetry& telemetry, const SpanContext& parent, std::string_view name,
        std::string_view span_name = {});
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  // An attribute of the span.
  void set(StaticText key, const Value& value) { span_.set(key, value); }
  void fail(const base::Error& error);
  [[nodiscard]] const SpanContext& context() const { return span_.context(); }
  [[nodiscard]] Span& span() { return span_; }

 private:
  Telemetry& telemetry_;
  std::string_view name_;
  Span span_;
  base::SteadyTime start_;
  int exceptions_;
  bool failed_ = false;
  base::Error error_;
};

}  // namespace testgen::telemetry
