#include "telemetry/stage.h"

#include <exception>

namespace testgen::telemetry {
namespace {

// Failures that are the input's or the caller's are no failures of the service.
bool is_refusal(base::ErrorCode code) {
  using base::ErrorCode;
  switch (code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::InvalidInput:
    case ErrorCode::NotFound:
    case ErrorCode::TooLarge:
    case ErrorCode::Unsupported:
    case ErrorCode::NothingToDo:
    case ErrorCode::Unauthenticated:
    case ErrorCode::PermissionDenied:
    case ErrorCode::Conflict:
    case ErrorCode::Cancelled:
      return true;
    default:
      return false;
  }
}

}  // namespace

Stage::Stage(Telemetry& telemetry, const SpanContext& parent, std::string_view name,
             std::string_view span_name)
    : telemetry_(telemetry),
      name_(name),
      span_(telemetry.tracer().start(span_name.empty() ? name : span_name, SpanKind::Internal,
                                     parent)),
      start_(telemetry.clock().steady_now()),
      exceptions_(std::uncaught_exceptions()) {}

Stage::~Stage() {
  if (!failed_ && std::uncaught_exceptions() > exceptions_) {
    fail({base::ErrorCode::Internal, "left by an exception", ""});
  }
  const auto elapsed = telemetry_.clock().steady_now() - start_;
  const double seconds = std::chrono::duration<double>(elapsed).count();
  Metrics& metrics = telemetry_.metrics();
  metrics.stage_duration_seconds.with(name_).observe(seconds, context());
  metrics.stage_outcomes_total.with(name_, failed_ ? "error" : "ok").add();
  if (failed_) {
    const LogEvent event = is_refusal(error_.code) ? LogEvent::StageRefused : LogEvent::StageFailed;
    telemetry_.log().write(event, context(),
                           {{"stage", name_},
                            {"duration_ms", seconds * 1000},
                            {"error_type", base::to_string(error_.code)},
                            {"error", error_.message}});
  } else {
    span_.succeed();
    telemetry_.log().write(LogEvent::StageFinished, context(),
                           {{"stage", name_}, {"duration_ms", seconds * 1000}});
  }
}

void Stage::fail(const base::Error& error) {
  failed_ = true;
  error_ = error;
  span_.set("error.type", base::to_string(error.code));
  span_.record_exception(base::to_string(error.code), error.message);
}

}  // namespace testgen::telemetry
