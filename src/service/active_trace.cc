#include "service/active_trace.h"

#include <utility>

namespace testgen::service {
namespace {

constinit thread_local const telemetry::SpanContext* active = nullptr;

}  // namespace

ActiveTrace::ActiveTrace(const telemetry::SpanContext& context)
    : outer_(std::exchange(active, &context)) {}

ActiveTrace::~ActiveTrace() {
  active = outer_;
}

const telemetry::SpanContext& ActiveTrace::current() {
  static const telemetry::SpanContext none;
  return active == nullptr ? none : *active;
}

}  // namespace testgen::service
