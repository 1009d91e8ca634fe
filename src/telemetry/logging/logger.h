// Structured logs: one line a record, as JSON for machines or pretty for people. A call formats
// the line and appends it to a bounded queue; one thread writes. A full queue, a full disk or a
// dead pipe loses lines, never stops the work, and every lost line is counted. Thread-safe.
#pragma once

#include <atomic>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "telemetry/logging/level.h"
#include "telemetry/metrics/metrics.h"
#include "telemetry/tracing/span_context.h"
#include "telemetry/value.h"

namespace testgen::telemetry {

class LogWriter;

enum class LogFormat { Json, Pretty };
[[nodiscard]] std::optional<LogFormat> log_format_from(std::string_view text);

enum class LogDestination { Stderr, File, None };

struct LoggingOptions {
  LogLevel level = LogLevel::Info;
  LogFormat format = LogFormat::Json;
  LogDestination destination = LogDestination::Stderr;
  std::filesystem::path file;  // for File; created with mode 0640, appended to
  bool color = false;          // pretty only
  std::size_t queue_bytes = 4U << 20U;
};

class Logger {
 public:
  using Fields = std::initializer_list<Field>;

  // Fails when the file cannot be opened.
  [[nodiscard]] static base::Result<std::unique_ptr<Logger>> create(const LoggingOptions& options,
                                                                    Metrics& metrics,
                                                                    const base::Clock& clock);
  ~Logger();

  // The span context adds trace_id and span_id; pass {} when there is none.
  void log(LogLevel level, std::string_view message, const SpanContext& context, Fields fields);
  void debug(std::string_view message, const SpanContext& context = {}, Fields fields = {}) {
    if (enabled(LogLevel::Debug)) log(LogLevel::Debug, message, context, fields);
  }
  void info(std::string_view message, const SpanContext& context = {}, Fields fields = {}) {
    log(LogLevel::Info, message, context, fields);
  }
  void warning(std::string_view message, const SpanContext& context = {}, Fields fields = {}) {
    log(LogLevel::Warning, message, context, fields);
  }
  void error(std::string_view message, const SpanContext& context = {}, Fields fields = {}) {
    log(LogLevel::Error, message, context, fields);
  }
  void critical(std::string_view message, const SpanContext& context = {}, Fields fields = {}) {
    log(LogLevel::Critical, message, context, fields);
  }

  [[nodiscard]] bool enabled(LogLevel level) const {
    return level >= level_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] LogLevel level() const { return level_.load(std::memory_order_relaxed); }
  void set_level(LogLevel level) { level_.store(level, std::memory_order_relaxed); }

  // Opens the file's name again, after it was rotated away (SIGHUP). Done by the writer thread.
  void reopen();
  // Waits until everything logged so far is written, or the deadline; true when it is.
  bool flush(base::SteadyTime deadline);
  // flush, then stops the writer. Later lines are dropped and counted.
  void shutdown(base::SteadyTime deadline);

 private:
  Logger(const LoggingOptions& options, Metrics& metrics, const base::Clock& clock,
         std::unique_ptr<LogWriter> writer);

  const LogFormat format_;
  const bool color_;
  std::atomic<LogLevel> level_;
  Metrics& metrics_;
  const base::Clock& clock_;
  std::unique_ptr<LogWriter> writer_;
};

}  // namespace testgen::telemetry
