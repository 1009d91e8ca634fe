#include "service/auth/gate.h"

#include <mutex>

#include "service/auth/audit_log.h"
#include "service/auth/authenticator.h"
#include "service/auth/failed_attempts.h"
#include "service/auth/rate_limiter.h"
#include "service/http/exchange.h"
#include "service/usage/audience.h"

namespace testgen::service {
namespace {

using telemetry::LogEvent;

constexpr std::string_view kRateLimited = "rate_limited";

// What an account must be given of. Reading one's own jobs and asking for tests is daily
// business: the log has it, and the jobs themselves say whose they are.
bool accountable(Permission permission) {
  switch (permission) {
    case Permission::ChangeJobs:
    case Permission::Inspect:
    case Permission::Administer:
      return true;
    case Permission::Public:
    case Permission::Metrics:
    case Permission::ReadJobs:
    case Permission::Generate:
      return false;
  }
  return true;
}

// So that whoever is refused ten thousand times a second does not fill the disk.
class RefusalBudget {
 public:
  static constexpr std::uint64_t kPerSecond = 20;

  // Nothing: this one is not to be written. Else how many were not, since the last that was.
  std::optional<std::uint64_t> take(base::SteadyTime now) {
    const std::lock_guard lock(mutex_);
    if (now - begun_ >= std::chrono::seconds(1)) {
      begun_ = now;
      written_ = 0;
    }
    if (written_ >= kPerSecond) {
      ++suppressed_;
      return std::nullopt;
    }
    ++written_;
    return std::exchange(suppressed_, 0);
  }

 private:
  std::mutex mutex_;
  base::SteadyTime begun_{};
  std::uint64_t written_ = 0;
  std::uint64_t suppressed_ = 0;
};

class Gate final : public Middleware {
 public:
  Gate(const GateParts& parts, telemetry::Telemetry& telemetry)
      : parts_(parts), telemetry_(telemetry), attempts_(telemetry.clock()) {}

  std::optional<Problem> enter(Exchange& exchange) override {
    Admission admission =
        parts_.authenticator.admit(exchange.request, exchange.match.route->permission);
    if (auto* refusal = std::get_if<Refusal>(&admission)) return refuse(exchange, *refusal);
    exchange.caller = std::get<Caller>(std::move(admission));
    if (auto problem = limit(exchange)) return problem;
    if (exchange.measured()) {
      parts_.audience.arrived(exchange.caller.key_id, exchange.request.peer,
                              exchange.request.header("user-agent"));
    }
    return std::nullopt;
  }

  void leave(Exchange& exchange, Response& response) override {
    if (!exchange.refused.empty()) {
      if (const auto suppressed = budget_.take(telemetry_.clock().steady_now())) {
        audit(exchange, response, "refused", *suppressed);
      }
    } else if (accountable(exchange.match.route->permission)) {
      audit(exchange, response, response.status < 400 ? "ok" : "failed", 0);
    }
  }

 private:
  std::optional<Problem> refuse(Exchange& exchange, Refusal& refusal) {
    telemetry_.metrics().authentication_failures_total.with(refusal.reason).add();
    exchange.refused = refusal.reason;
    exchange.caller = std::move(refusal.caller);
    if (refusal.status == 403) parts_.audience.denied();
    note(exchange, refusal);
    return Problem(std::move(refusal));
  }

  // Probes and scrapes never count: a monitor that is refused would call the service dead.
  std::optional<Problem> limit(Exchange& exchange) {
    const Caller& caller = exchange.caller;
    if (caller.key_id.empty() || !exchange.measured()) return std::nullopt;
    const std::uint64_t per_minute = caller.requests_per_minute.value_or(parts_.usual_limit.load());
    if (per_minute == 0) return std::nullopt;
    const RateLimiter::Decision decision = parts_.limiter.take(caller.key_id, per_minute);
    exchange.answer_headers.push_back(
        {"ratelimit-policy", "\"key\";q=" + std::to_string(decision.limit) + ";w=60"});
    exchange.answer_headers.push_back(
        {"ratelimit", "\"key\";r=" + std::to_string(decision.remaining) +
                          ";t=" + std::to_string(decision.reset_seconds)});
    if (decision.allowed) return std::nullopt;
    telemetry_.metrics().rate_limited_requests_total.add();
    exchange.refused = kRateLimited;
    Problem problem = Problem::from_status(
        429, "the key may make " + std::to_string(decision.limit) + " requests a minute");
    problem.code = kRateLimited;
    problem.hint = "wait as long as Retry-After says; RateLimit says how many are left";
    problem.retry_after_seconds = static_cast<int>(decision.reset_seconds);
    return problem;
  }

  void note(const Exchange& exchange, const Problem& problem) {
    const std::string& peer = exchange.request.peer;
    telemetry_.log().write(LogEvent::AuthenticationFailed, exchange.context,
                           {{"peer", peer},
                            {"endpoint", exchange.endpoint()},
                            {"status", problem.status},
                            {"error", problem.detail}});
    // Whoever sends no key has misconfigured something; whoever sends wrong ones is guessing.
    if (exchange.request.header("authorization").empty()) return;
    if (const auto failures = attempts_.note(peer)) {
      telemetry_.log().write(LogEvent::SecurityIncident, exchange.context,
                             {{"kind", "token_guessing"}, {"peer", peer}, {"failures", *failures}});
    }
  }

  void audit(const Exchange& exchange, const Response& response, std::string_view outcome,
             std::uint64_t suppressed) {
    const Caller& caller = exchange.caller;
    AuditRecord record{.action = "request", .outcome = outcome};
    record.key_id = caller.key_id;
    // Who was never recognised has no role.
    if (exchange.refused.empty() || !caller.key_id.empty()) record.role = to_string(caller.role);
    record.tenant = caller.tenant;
    record.peer = exchange.request.peer;
    record.method = exchange.request.method;
    record.endpoint = exchange.endpoint();
    record.path = exchange.request.path;
    record.status = response.status;
    record.reason = exchange.refused;
    record.request_id = exchange.request_id;
    record.trace_id = exchange.context.trace_id.hex();
    record.suppressed = suppressed;
    parts_.audit.write(record);
  }

  const GateParts parts_;
  telemetry::Telemetry& telemetry_;
  FailedAttempts attempts_;
  RefusalBudget budget_;
};

}  // namespace

std::unique_ptr<Middleware> make_gate(const GateParts& parts, telemetry::Telemetry& telemetry) {
  return std::make_unique<Gate>(parts, telemetry);
}

}  // namespace testgen::service
