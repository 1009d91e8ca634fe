// The middleware that lets a request in: who is it, may it have this, does it call too often? What
// it decides is counted, logged and, where somebody must account for it, put into the audit log.
#pragma once

#include <atomic>
#include <memory>

#include "service/http/middleware.h"

namespace testgen::service {

class Audience;
class AuditLog;
class Authenticator;
class RateLimiter;

// All are borrowed.
struct GateParts {
  const Authenticator& authenticator;
  RateLimiter& limiter;
  // Requests a minute of a key that has no limit of its own; 0: none. May change at any time.
  const std::atomic<std::uint64_t>& usual_limit;
  AuditLog& audit;
  Audience& audience;
};

[[nodiscard]] std::unique_ptr<Middleware> make_gate(const GateParts& parts,
                                                    telemetry::Telemetry& telemetry);

}  // namespace testgen::service
