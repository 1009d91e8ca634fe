// The one table of log events: a line can only be written for a row of it, at that row's level
// and with that row's message. docs/logs.md is printed from it; a lint holds the
// fields of each call to it, and every row to a call.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "telemetry/logging/level.h"

namespace testgen::telemetry {

// The lines of the log policy, three for each level, and a rest.
enum class LogPolicy : std::uint8_t {
  CacheOperation,      // DEBUG
  StateChange,         // DEBUG
  Measurement,         // DEBUG
  Request,             // INFO
  UserAction,          // INFO
  BusinessEvent,       // INFO
  SlowOperation,       // WARNING
  DeprecatedUse,       // WARNING
  ResourceWarning,     // WARNING
  ApiFailure,          // ERROR
  ProcessingError,     // ERROR
  ConfigurationError,  // ERROR
  DatabaseLoss,        // CRITICAL
  ResourceExhaustion,  // CRITICAL
  SecurityIncident,    // CRITICAL
};

[[nodiscard]] constexpr LogLevel level_of(LogPolicy policy) {
  return static_cast<LogLevel>(static_cast<std::uint8_t>(policy) / 3);
}

enum class LogEvent : std::uint8_t {
  CacheHit,
  CacheMiss,
  CacheStored,
  JobStarted,
  StageFinished,
  ProbeAnswered,
  RequestFinished,
  RequestRejected,
  JobSubmitted,
  JobCancelled,
  JobRemoved,
  FeedbackGiven,
  LogLevelChanged,
  DebugMetricsChanged,
  KeysChanged,
  SettingsReloaded,
  CertificateLoaded,
  ServiceStarted,
  ServiceStopping,
  ServiceStopped,
  JobFinished,
  JobRefused,
  JobReturned,
  AlertReceived,
  TicketKept,
  GenerationFinished,
  ScanFinished,
  HealthCheckRecovered,
  ReceiverRecovered,
  SlowRequest,
  SlowGeneration,
  DeprecatedSetting,
  StageRefused,
  AuthenticationFailed,
  CacheEntryDamaged,
  CacheWriteFailed,
  JobLostRun,
  JobRetried,
  DiskSpaceLow,
  HealthCheckFailed,
  TelemetryLost,
  ReceiverWarning,
  MetricFull,
  RequestFailed,
  LlmError,
  TicketFailed,
  LlmBudget,
  EndpointFailed,
  StageFailed,
  JobFailed,
  JobGivenUp,
  QueueFailed,
  LogFileFailed,
  ConfigurationError,
  ReloadFailed,
  AuditFailed,
  DatabaseLost,
  JobEndUnrecorded,
  DiskSpaceExhausted,
  ThreadStalled,
  SecurityIncident,
};

struct LogEventSpec {
  LogEvent event;
  LogPolicy policy;          // and with it the level
  std::string_view name;     // the line's "event"
  std::string_view message;  // a constant, so that lines of one kind are found by it
  std::string_view fields;   // names, separated by blanks; "?" after those that may be absent
  std::string_view when;
  // Lines a second that one place in the code may write; 0: all. The rest are counted, and the
  // next line says how many in "suppressed".
  std::uint16_t per_second = 0;
  bool landed = true;  // false: its feature is still to come

  [[nodiscard]] constexpr LogLevel level() const { return level_of(policy); }
};

inline constexpr std::uint16_t kUsualLimit = 10;

inline constexpr auto kLogEvents = [] {
  using enum LogPolicy;
  return std::array{
      LogEventSpec{LogEvent::CacheHit, CacheOperation, "cache_hit", "cache hit", "cache_key",
                   "a result is served from the cache"},
      LogEventSpec{LogEvent::CacheMiss, CacheOperation, "cache_miss", "cache miss", "cache_key",
                   "a result is not in the cache"},
      LogEventSpec{LogEvent::CacheStored, CacheOperation, "cache_stored",
                   "result kept in the cache", "cache_key bytes", "a new result enters the cache"},
      LogEventSpec{LogEvent::JobStarted, StateChange, "job_started", "job started",
                   "job_id attempt", "a worker takes a job from the queue"},
      LogEventSpec{LogEvent::StageFinished, Measurement, "stage_finished", "stage finished",
                   "stage duration_ms", "a step of the pipeline ends well"},
      LogEventSpec{LogEvent::ProbeAnswered, Measurement, "probe_answered", "probe answered",
                   "method endpoint path status duration_ms response_bytes peer request_id error?",
                   "a probe, scrape or event stream is answered"},
      LogEventSpec{LogEvent::RequestFinished, Request, "request_finished", "request finished",
                   "method endpoint path status duration_ms response_bytes peer request_id error?",
                   "a request is answered, with a status below 500"},
      LogEventSpec{LogEvent::RequestRejected, Request, "request_rejected", "request rejected",
                   "status error request_id", "bytes that are no request were refused",
                   kUsualLimit},
      LogEventSpec{LogEvent::JobSubmitted, UserAction, "job_submitted", "job submitted",
                   "job_id kind", "a caller asks for new work"},
      LogEventSpec{LogEvent::JobCancelled, UserAction, "job_cancelled", "job cancelled", "job_id",
                   "a caller cancels a job"},
      LogEventSpec{LogEvent::JobRemoved, UserAction, "job_removed", "job removed", "job_id",
                   "a caller removes an ended job with its source and result"},
      LogEventSpec{LogEvent::FeedbackGiven, UserAction, "feedback_given", "feedback given",
                   "subject id verdict", "a user judges a test or a finding"},
      LogEventSpec{LogEvent::LogLevelChanged, UserAction, "log_level_changed", "log level changed",
                   "from to", "an administrator changes the level of a running service"},
      LogEventSpec{LogEvent::DebugMetricsChanged, UserAction, "debug_metrics_changed",
                   "debug metrics switched", "enabled",
                   "an administrator switches debug metrics of a running service"},
      LogEventSpec{LogEvent::KeysChanged, UserAction, "keys_changed", "API keys changed", "usable",
                   "an administrator creates or revokes a key of a running service"},
      LogEventSpec{LogEvent::SettingsReloaded, UserAction, "settings_reloaded",
                   "settings read again", "changed restart_needed",
                   "SIGHUP: what changed is in force, or waits for a restart"},
      LogEventSpec{LogEvent::CertificateLoaded, UserAction, "certificate_loaded",
                   "TLS certificate loaded", "file subject expires",
                   "the service starts with a certificate, or takes a new one"},
      LogEventSpec{LogEvent::ServiceStarted, BusinessEvent, "service_started", "service started",
                   "listen data version authentication", "the service listens"},
      LogEventSpec{LogEvent::ServiceStopping, BusinessEvent, "service_stopping", "service stopping",
                   "", "the service was told to stop and drains"},
      LogEventSpec{LogEvent::ServiceStopped, BusinessEvent, "service_stopped", "service stopped",
                   "all_answered", "the service has stopped"},
      LogEventSpec{LogEvent::JobFinished, BusinessEvent, "job_finished", "job finished",
                   "job_id outcome duration_ms attempts", "a job ends well"},
      LogEventSpec{LogEvent::JobRefused, BusinessEvent, "job_refused", "job refused",
                   "job_id duration_ms attempts error_type error",
                   "a job ends because its input cannot be worked on"},
      LogEventSpec{LogEvent::JobReturned, BusinessEvent, "job_returned",
                   "job put back into the queue", "job_id released",
                   "the service stops before a job has ended"},
      LogEventSpec{LogEvent::AlertReceived, BusinessEvent, "alert_received", "alert received",
                   "alert status severity fingerprint",
                   "Alertmanager tells of an alert that began or ended"},
      LogEventSpec{LogEvent::TicketKept, BusinessEvent, "ticket_kept", "ticket kept",
                   "alert fingerprint action duration_ms",
                   "the ticket of an alert is opened, reopened or closed"},
      LogEventSpec{LogEvent::GenerationFinished, BusinessEvent, "generation_finished",
                   "test generation finished", "file_path language tests duration_ms",
                   "tests of one source file are made"},
      LogEventSpec{LogEvent::ScanFinished, BusinessEvent, "scan_finished", "scan finished",
                   "files reused findings coverage whole duration_ms",
                   "posted files have been looked at for security issues"},
      LogEventSpec{LogEvent::HealthCheckRecovered, BusinessEvent, "health_check_recovered",
                   "health check passes again", "check", "a check passes after it had failed"},
      LogEventSpec{LogEvent::ReceiverRecovered, BusinessEvent, "receiver_recovered",
                   "telemetry receiver accepts again", "url",
                   "a receiver of telemetry accepts after losses"},
      LogEventSpec{LogEvent::SlowRequest, SlowOperation, "slow_request", "slow request",
                   "endpoint duration_ms limit_ms request_id",
                   "a request takes longer than the objective of 2 s", kUsualLimit},
      LogEventSpec{LogEvent::SlowGeneration, SlowOperation, "slow_generation", "slow generation",
                   "file_path duration_ms limit_ms",
                   "the tests of one file take longer than the objective of 30 s", kUsualLimit},
      LogEventSpec{LogEvent::DeprecatedSetting, DeprecatedUse, "deprecated_setting",
                   "a deprecated setting is in use", "setting instead",
                   "the program starts with a setting that has a successor"},
      LogEventSpec{LogEvent::StageRefused, ResourceWarning, "stage_refused",
                   "stage refused its input", "stage duration_ms error_type error",
                   "a step of the pipeline cannot work on its input", kUsualLimit},
      LogEventSpec{LogEvent::AuthenticationFailed, ResourceWarning, "authentication_failed",
                   "caller refused", "peer endpoint status error",
                   "a caller has no valid token or no permission", kUsualLimit},
      LogEventSpec{LogEvent::CacheEntryDamaged, ResourceWarning, "cache_entry_damaged",
                   "cache entry is damaged and was removed", "cache_key error",
                   "a file of the cache cannot be read back", kUsualLimit},
      LogEventSpec{LogEvent::CacheWriteFailed, ResourceWarning, "cache_write_failed",
                   "cannot keep a result in the cache", "error", "the cache's folder takes no file",
                   kUsualLimit},
      LogEventSpec{LogEvent::JobLostRun, ResourceWarning, "job_lost_run",
                   "job lost its run and waits again", "job_id",
                   "a job's worker was gone; the job is run again"},
      LogEventSpec{LogEvent::JobRetried, ResourceWarning, "job_retried",
                   "job failed by no fault of its own and waits again",
                   "job_id attempt pause_ms error_type error",
                   "a run met a failure that may pass; the job is run again"},
      LogEventSpec{LogEvent::DiskSpaceLow, ResourceWarning, "disk_space_low",
                   "disk space is running low", "check reason",
                   "the data folder's disk has less than twice what readiness needs"},
      LogEventSpec{LogEvent::HealthCheckFailed, ResourceWarning, "health_check_failed",
                   "health check fails", "check reason",
                   "a check starts to fail that has no event of its own"},
      LogEventSpec{LogEvent::TelemetryLost, ResourceWarning, "telemetry_lost",
                   "telemetry is being lost", "url error_type reason",
                   "a receiver of telemetry does not take it"},
      LogEventSpec{LogEvent::ReceiverWarning, ResourceWarning, "receiver_warning",
                   "telemetry receiver warns", "url reason",
                   "a receiver of telemetry took it and had something to say", kUsualLimit},
      LogEventSpec{LogEvent::MetricFull, ResourceWarning, "metric_full",
                   "a metric has too many label combinations", "metric series_cap",
                   "a metric reaches its cap; the rest shares its series `other`"},
      LogEventSpec{LogEvent::RequestFailed, ApiFailure, "request_failed", "request failed",
                   "method endpoint path status duration_ms response_bytes peer request_id error?",
                   "a request is answered with 500 or above"},
      LogEventSpec{LogEvent::LlmError, ApiFailure, "llm_error", "LLM API request failed",
                   "provider model? error_type retry_count error?",
                   "an attempt to call a model fails"},
      LogEventSpec{LogEvent::TicketFailed, ApiFailure, "ticket_failed", "ticket could not be kept",
                   "alert fingerprint error_type error duration_ms",
                   "the tracker refuses or does not answer; Alertmanager tells of the alert again"},
      LogEventSpec{LogEvent::LlmBudget, ResourceWarning, "llm_budget",
                   "the budget for models is nearly used up", "share key_id",
                   "four fifths of a limit on money or tokens are used; key_id is empty unless it "
                   "is the limit of one API key"},
      LogEventSpec{LogEvent::EndpointFailed, ProcessingError, "endpoint_failed",
                   "an endpoint failed unexpectedly", "endpoint error",
                   "a bug ended a request; it is answered with 500"},
      LogEventSpec{LogEvent::StageFailed, ProcessingError, "stage_failed", "stage failed",
                   "stage duration_ms error_type error", "a step of the pipeline fails"},
      LogEventSpec{LogEvent::JobFailed, ProcessingError, "job_failed", "job failed",
                   "job_id duration_ms? attempts? error_type error", "a job ends by our fault"},
      LogEventSpec{LogEvent::JobGivenUp, ProcessingError, "job_given_up",
                   "job given up after too many lost runs", "job_id",
                   "a job's runs keep getting lost; it is parked as failed"},
      LogEventSpec{LogEvent::QueueFailed, ProcessingError, "queue_failed",
                   "cannot look after the queue", "error", "the store refuses the queue's own work",
                   kUsualLimit},
      LogEventSpec{LogEvent::LogFileFailed, ConfigurationError, "log_file_failed",
                   "cannot open the log file again", "file error",
                   "the log file's name cannot be opened at SIGHUP or at rotation"},
      LogEventSpec{LogEvent::ConfigurationError, ConfigurationError, "configuration_error",
                   "the service cannot start as it is configured", "error hint",
                   "a setting makes it impossible to start"},
      LogEventSpec{LogEvent::ReloadFailed, ConfigurationError, "reload_failed",
                   "cannot read it again; what was in force stays", "what error hint",
                   "new settings, API keys or certificates of a running service are not usable"},
      LogEventSpec{LogEvent::AuditFailed, ConfigurationError, "audit_failed",
                   "cannot write the audit log", "error",
                   "a record of the audit log is lost, or its file cannot be opened again",
                   kUsualLimit},
      LogEventSpec{LogEvent::DatabaseLost, DatabaseLoss, "database_lost", "the database is lost",
                   "check reason", "the check of the database starts to fail"},
      LogEventSpec{LogEvent::JobEndUnrecorded, DatabaseLoss, "job_end_unrecorded",
                   "cannot record the end of a job", "job_id error",
                   "the store refuses a job's result; the job will be run again"},
      LogEventSpec{LogEvent::DiskSpaceExhausted, ResourceExhaustion, "disk_space_exhausted",
                   "disk space is exhausted", "check reason",
                   "the data folder's disk has less than readiness needs"},
      LogEventSpec{LogEvent::ThreadStalled, ResourceExhaustion, "thread_stalled",
                   "a critical thread has stalled", "error",
                   "a watched thread gives no sign of life; /alive answers 500"},
      LogEventSpec{LogEvent::SecurityIncident, SecurityIncident, "security_incident",
                   "security incident", "kind peer failures",
                   "one address fails to authenticate again and again"},
  };
}();

[[nodiscard]] constexpr const LogEventSpec& spec_of(LogEvent event) {
  return kLogEvents[static_cast<std::size_t>(event)];
}

// spec_of() relies on this order.
static_assert([] {
  for (std::size_t i = 0; i < kLogEvents.size(); ++i) {
    if (static_cast<std::size_t>(kLogEvents[i].event) != i) return false;
  }
  return kLogEvents.size() == static_cast<std::size_t>(LogEvent::SecurityIncident) + 1;
}());

// Formats copy these as they are.
static_assert([] {
  for (const LogEventSpec& spec : kLogEvents) {
    for (const std::string_view text : {spec.name, spec.message}) {
      for (const char c : text) {
        if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
      }
    }
  }
  return true;
}());

[[nodiscard]] std::string_view to_string(LogPolicy policy);  // "cache operations" …

}  // namespace testgen::telemetry
