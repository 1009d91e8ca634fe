#include "telemetry/metrics/catalogue_rows.h"

namespace testgen::telemetry {
namespace {

const std::vector<double> kBodyBytes{256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304};

const LabelSpec kMethod{
    "method", {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, true};
// base::ErrorCode's names.
const LabelSpec kErrorType{
    "type",
    {"invalid_argument", "invalid_input", "not_found", "too_large", "unsupported", "nothing_to_do",
     "unauthenticated", "permission_denied", "conflict", "timeout", "cancelled",
     "resource_exhausted", "environment", "unavailable", "io", "internal"},
    true};
const LabelSpec kJobOutcome{"outcome", {"succeeded", "failed", "cancelled"}, true};
const LabelSpec kAuthReason{"reason",
                            {"missing_token", "wrong_token", "revoked_key", "expired_key",
                             "missing_role", "foreign_host", "foreign_origin"},
                            true};
const LabelSpec kAccessKind{
    "kind", {"new_key", "new_network", "denied_permission", "unusual_volume"}, true};
// tickets::TicketAction's names, and what became of a tracker that did not do it.
const LabelSpec kTicketAction{
    "action", {"opened", "reopened", "closed", "nothing", "failed"}, true};
// storage::Store's calls.
const LabelSpec kOperation{
    "operation",
    {"enqueue", "claim", "renew", "finish", "fail", "release", "cancel", "requeue", "forget", "get",
     "list", "counts", "check", "history", "retry", "remove", "rate", "alert"},
    true};
const LabelSpec kFeature{"feature",
                         {"generate", "scan", "jobs", "cancel", "inspect", "feedback", "alerts"}};
const LabelSpec kStep{
    "step", {"submitted", "generated", "downloaded", "accepted", "abandoned"}, true};

using enum MetricType;

std::vector<MetricSpec> http_rows() {
  return {
      {.name = "testgen_requests_total",
       .help = "Requests answered, by method, route template and HTTP status code",
       // No series without a route: Metrics::expose_route makes them for those that exist.
       .labels = {kMethod, {"endpoint", {}}, {"status", {}}},
       .series_cap = 1000,
       .feature = "http",
       .fixed = true},
      {.name = "testgen_request_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time from the first byte of a request to the last byte of its answer",
       .bounds = kRequestSeconds,
       .feature = "http",
       .fixed = true},
      {.name = "testgen_active_requests",
       .type = Gauge,
       .help = "Requests being worked on now",
       .feature = "http",
       .fixed = true},
      {.name = "testgen_request_size_bytes",
       .type = Histogram,
       .unit = "bytes",
       .help = "Size of request bodies",
       .bounds = kBodyBytes,
       .feature = "http",
       .fixed = true,
       .debug = true},
      {.name = "testgen_response_size_bytes",
       .type = Histogram,
       .unit = "bytes",
       .help = "Size of response bodies",
       .bounds = kBodyBytes,
       .feature = "http",
       .fixed = true,
       .debug = true},
      {.name = "testgen_http_loop_lag_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "How late the I/O thread comes to a timer, asked for four times a second",
       .bounds = kShortSeconds,
       .feature = "http"},
      {.name = "testgen_errors_total",
       .help = "Failures, by kind and by the component that answered for them",
       .labels = {kErrorType, kErrorComponent},
       .series_cap = 320,
       .feature = "core",
       .fixed = true},
      {.name = "testgen_authentication_failures_total",
       .help = "Requests refused for who sent them, by reason",
       .labels = {kAuthReason},
       .series_cap = 8,
       .feature = "auth"},
      {.name = "testgen_rate_limited_requests_total",
       .help = "Requests refused because their key calls too often",
       .feature = "auth"},
      {.name = "testgen_tls_certificate_expiry_timestamp_seconds",
       .type = Gauge,
       .unit = "seconds",
       .help = "When the certificate in use expires, in seconds since the epoch; 0 without TLS",
       .feature = "auth"},
      {.name = "testgen_access_events_total",
       .help = "Accesses worth a look: a key or network not seen before, a denied permission, "
               "far more requests than the caller's habit",
       .labels = {kAccessKind},
       .series_cap = 8,
       .feature = "auth"},
      {.name = "testgen_tickets_total",
       .help =
           "Alerts that asked for a ticket, by what was done with it: nothing, where it is as it "
           "should be; failed, where the tracker could not be made to",
       .labels = {kTicketAction},
       .series_cap = 8,
       .feature = "tickets"},
      {.name = "testgen_ticket_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time until the tracker had done with one alert, failed ones included",
       .bounds = kWorkSeconds,
       .feature = "tickets"},
  };
}

std::vector<MetricSpec> queue_rows() {
  return {
      {.name = "testgen_queue_length",
       .type = Gauge,
       .help = "Jobs accepted and not yet started",
       .feature = "queue"},
      {.name = "testgen_queue_wait_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time from a job's acceptance to its start",
       .bounds = kWorkSeconds,
       .feature = "queue",
       .fixed = true,
       .debug = true},
      {.name = "testgen_job_wait_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time from a job's acceptance to its start",
       .bounds = kWorkSeconds,
       .feature = "queue"},
      {.name = "testgen_job_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time from a job's start to its end",
       .bounds = kWorkSeconds,
       .feature = "queue"},
      {.name = "testgen_jobs_running",
       .type = Gauge,
       .help = "Jobs being worked on now",
       .feature = "queue"},
      {.name = "testgen_jobs_total",
       .help = "Jobs ended, by outcome",
       .labels = {kJobOutcome},
       .series_cap = 8,
       .feature = "queue"},
      {.name = "testgen_cache_hits_total",
       .help = "Results served from the cache",
       .feature = "cache",
       .fixed = true},
      {.name = "testgen_cache_misses_total",
       .help = "Results not found in the cache",
       .feature = "cache",
       .fixed = true},
      {.name = "testgen_cache_size_bytes",
       .type = Gauge,
       .unit = "bytes",
       .help = "Bytes held by the cache",
       .feature = "cache",
       .fixed = true},
      {.name = "testgen_database_operation_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time of one call of the store, with its wait for the disk, by operation",
       .labels = {kOperation},
       .bounds = kShortSeconds,
       .series_cap = 20,
       .feature = "database"},
      {.name = "testgen_database_errors_total",
       .help = "Calls of the store that the database could not serve, by operation",
       .labels = {kOperation},
       .series_cap = 20,
       .feature = "database"},
  };
}

std::vector<MetricSpec> usage_rows() {
  return {
      {.name = "testgen_active_users",
       .type = Gauge,
       .help = "Callers with a request in the last 5 minutes; a caller is a key and an address",
       .feature = "usage"},
      {.name = "testgen_active_sessions",
       .type = Gauge,
       .help = "Sessions with a request in the last 30 minutes; a session is one caller's use of "
               "one client program without a longer pause",
       .feature = "usage"},
      {.name = "testgen_sessions_total", .help = "Sessions begun", .feature = "usage"},
      {.name = "testgen_feature_uses_total",
       .help = "Uses of a feature, by feature",
       .labels = {kFeature},
       .series_cap = 20,
       .feature = "usage"},
      {.name = "testgen_feature_errors_total",
       .help = "Uses that failed through the service's own fault, by feature",
       .labels = {kFeature},
       .series_cap = 20,
       .feature = "usage"},
      {.name = "testgen_feature_duration_seconds",
       .type = Histogram,
       .unit = "seconds",
       .help = "Time until the user had the result, with any wait in the queue, by feature",
       .labels = {kFeature},
       .bounds = kWorkSeconds,
       .series_cap = 20,
       .feature = "usage"},
      {.name = "testgen_journey_steps_total",
       .help = "Steps of a request for tests: submitted, generated, downloaded, accepted by its "
               "user, or abandoned before its end",
       .labels = {kStep},
       .series_cap = 8,
       .feature = "usage"},
  };
}

}  // namespace

std::vector<MetricSpec> service_rows() {
  std::vector<MetricSpec> all;
  for (const auto& group : {http_rows(), queue_rows(), usage_rows()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace testgen::telemetry
