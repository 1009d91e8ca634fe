#include "telemetry/health/health_journal.h"

namespace testgen::telemetry {
namespace {

// What a lost dependency means for the service decides how loud the line is.
LogEvent failure_event(const CheckStatus& check) {
  if (check.name == kDatabaseCheck.name) return LogEvent::DatabaseLost;
  if (check.name == kDiskSpaceCheck.name) return LogEvent::DiskSpaceExhausted;
  return LogEvent::HealthCheckFailed;
}

}  // namespace

void HealthJournal::note(const Readiness& readiness, const Liveness& liveness, Logger& log) {
  for (const CheckStatus& check : readiness.checks) {
    if (!check.known) continue;
    Seen& before = checks_.try_emplace(check.name, Seen::Well).first->second;
    const Seen now = !check.healthy ? Seen::Failed : check.low ? Seen::Warned : Seen::Well;
    if (now == before) continue;
    if (now == Seen::Failed) {
      log.write(failure_event(check), {{"check", check.name}, {"reason", check.message}});
    } else if (before == Seen::Failed) {
      log.write(LogEvent::HealthCheckRecovered, {{"check", check.name}});
    }
    if (now == Seen::Warned) {
      log.write(LogEvent::DiskSpaceLow, {{"check", check.name}, {"reason", check.message}});
    }
    before = now;
  }
  if (!liveness.alive && alive_) log.write(LogEvent::ThreadStalled, {{"error", liveness.error}});
  alive_ = liveness.alive;
}

}  // namespace testgen::telemetry
