// Structured logs: one line an event of the catalogue, in the format of choice.
//   log.write(LogEvent::CacheHit, span.context(), {{"cache_key", key}});
// A call formats the line and appends it to a bounded queue; one thread writes. A full queue, a
// full disk or a dead pipe loses lines, never stops the work, and every lost line is counted.
// Thread-safe.
#pragma once

#include <atomic>
#include <initializer_list>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "telemetry/health/heartbeat.h"
#include "telemetry/logging/level.h"
#include "telemetry/logging/line_format.h"
#include "telemetry/logging/log_catalogue.h"
#include "telemetry/logging/log_field.h"
#include "telemetry/logging/log_file.h"
#include "telemetry/logging/log_limits.h"
#include "telemetry/logging/log_sink.h"
#include "telemetry/logging/site_limits.h"
#include "telemetry/metrics/metrics.h"
#include "telemetry/tracing/span_context.h"

namespace testgen::telemetry {

class LogWriter;

enum class LogDestination { Stderr, File, None };

struct LoggingOptions {
  LogLevel level = LogLevel::Info;
  LogFormat format = LogFormat::Json;
  LogDestination destination = LogDestination::Stderr;
  LogFileOptions file;  // for File
  LogIdentity identity;
  bool color = false;  // pretty only
  std::size_t queue_bytes = 4U << 20U;
  LogLimits limits;
};

class Logger {
 public:
  using Fields = std::initializer_list<LogField>;

  // Fails when the file cannot be opened.
  [[nodiscard]] static base::Result<std::unique_ptr<Logger>> create(const LoggingOptions& options,
                                                                    Metrics& metrics,
                                                                    const base::Clock& clock);
  ~Logger();

  // The span context adds trace_id and span_id.
  void write(LogEvent event, const SpanContext& context, Fields fields,
             CallSite site = CallSite::here()) {
    if (enabled(event)) emit(event, context, fields, site);
  }
  void write(LogEvent event, Fields fields = {}, CallSite site = CallSite::here()) {
    if (enabled(event)) emit(event, kNoContext, fields, site);
  }

  [[nodiscard]] bool enabled(LogEvent event) const {
    return spec_of(event).level() >= level_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] LogLevel level() const { return level_.load(std::memory_order_relaxed); }
  void set_level(LogLevel level) { level_.store(level, std::memory_order_relaxed); }

  // Another way out for every record that is written, or nullptr. The sink is borrowed: take it
  // away, and end whatever logs, before it goes.
  void forward_to(LogSink* sink) { sink_.store(sink); }
  void set_heartbeat(Heartbeat heartbeat);  // of the thread that writes

  // Opens the file's name again, after it was rotated away (SIGHUP). Done by the writer's thread.
  void reopen();
  // Waits until everything logged so far is written, or the deadline; true when it is.
  bool flush(base::SteadyTime deadline);
  // flush, then stops the writer. Later lines are dropped and counted.
  void shutdown(base::SteadyTime deadline);

 private:
  static const SpanContext kNoContext;

  Logger(const LoggingOptions& options, Metrics& metrics, const base::Clock& clock,
         std::unique_ptr<LogWriter> writer);
  void emit(LogEvent event, const SpanContext& context, Fields fields, const CallSite& site);

  const std::unique_ptr<LineFormat> format_;
  std::atomic<LogLevel> level_;
  std::atomic<LogSink*> sink_{nullptr};
  const base::Clock& clock_;
  std::array<Counter, kLogLevels> lines_;  // written, by level
  CounterFamily<1> dropped_;
  const LimitedFields fields_;
  SiteLimits limits_;
  std::unique_ptr<LogWriter> writer_;
};

}  // namespace testgen::telemetry
