#include "service/scans/scan_desk.h"

#include <exception>
#include <utility>

#include "service/active_trace.h"

namespace testgen::service {

using base::Result;

ScanDesk::ScanDesk(const Options& options, Scanner scanner, telemetry::Telemetry& telemetry)
    : options_(options), scanner_(std::move(scanner)), telemetry_(telemetry) {
  pool_.emplace(options.threads, options.max_waiting);
}

ScanDesk::~ScanDesk() {
  stop();
  pool_.reset();
}

bool ScanDesk::ask(const std::string& key, ScanInput input, const telemetry::SpanContext& parent,
                   Told keep, Told told) {
  const std::lock_guard lock(mutex_);
  const auto [asked, first] = asked_.try_emplace(key);
  asked->second.push_back(std::move(told));
  if (!first) return true;
  auto task = [this, key, input = std::move(input), parent, keep = std::move(keep)] {
    run(key, input, parent, keep);
  };
  if (pool_->post(std::move(task))) return true;
  asked_.erase(asked);
  return false;
}

void ScanDesk::run(const std::string& key, const ScanInput& input,
                   const telemetry::SpanContext& parent, const Told& keep) {
  const ActiveTrace active(parent);
  const Result<ScanAnswer> answer = call(input, parent);
  if (answer && answer->whole) keep(answer);
  std::vector<Told> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto asked = asked_.find(key);
    waiting = std::move(asked->second);
    asked_.erase(asked);
  }
  for (const Told& tell : waiting) tell(answer);
}

Result<ScanAnswer> ScanDesk::call(const ScanInput& input, const telemetry::SpanContext& parent) {
  const base::SteadyTime deadline = telemetry_.clock().steady_now() + options_.time_limit;
  try {
    return scanner_.scan(input, parent, deadline, stop_.get_token());
  } catch (const std::exception& error) {
    telemetry_.log().write(telemetry::LogEvent::EndpointFailed, parent,
                           {{"endpoint", "/v1/scan"}, {"error", error.what()}});
    return base::Error{base::ErrorCode::Internal, "an unexpected failure",
                       "report it with the trace id"};
  }
}

}  // namespace testgen::service
