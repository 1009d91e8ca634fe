#include "telemetry/logging/logger.h"

#include <unistd.h>

#include "telemetry/logging/log_writer.h"

namespace testgen::telemetry {
namespace {

// A critical line often is the last one: give it this long to reach the disk.
constexpr std::chrono::milliseconds kCriticalFlush{200};

}  // namespace

const SpanContext Logger::kNoContext{};

base::Result<std::unique_ptr<Logger>> Logger::create(const LoggingOptions& options,
                                                     Metrics& metrics, const base::Clock& clock) {
  std::unique_ptr<LogWriter> writer;
  if (options.destination == LogDestination::File) {
    TG_ASSIGN(LogFile file, LogFile::open(options.file, clock));
    writer = std::make_unique<LogWriter>(std::move(file), options.queue_bytes, metrics);
  } else if (options.destination == LogDestination::Stderr) {
    writer = std::make_unique<LogWriter>(STDERR_FILENO, options.queue_bytes, metrics);
  }
  std::unique_ptr<Logger> logger(new Logger(options, metrics, clock, std::move(writer)));
  if (options.destination == LogDestination::File) {
    logger->writer_->on_file_problem(
        [log = logger.get(), path = options.file.path.string()](const base::Error& error) {
          log->write(LogEvent::LogFileFailed, {{"file", path}, {"error", base::describe(error)}});
        });
  }
  return logger;
}

Logger::Logger(const LoggingOptions& options, Metrics& metrics, const base::Clock& clock,
               std::unique_ptr<LogWriter> writer)
    : format_(make_line_format(options.format, options.identity, options.color)),
      level_(options.level),
      clock_(clock),
      lines_{metrics.log_lines_total.with(to_string(LogLevel::Debug)),
             metrics.log_lines_total.with(to_string(LogLevel::Info)),
             metrics.log_lines_total.with(to_string(LogLevel::Warning)),
             metrics.log_lines_total.with(to_string(LogLevel::Error)),
             metrics.log_lines_total.with(to_string(LogLevel::Critical))},
      dropped_(metrics.log_lines_dropped_total),
      fields_(options.limits, metrics),
      writer_(std::move(writer)) {}

Logger::~Logger() = default;

void Logger::emit(LogEvent event, const SpanContext& context, Fields fields, const CallSite& site) {
  const LogEventSpec& spec = spec_of(event);
  LogRecord record{clock_.wall_now(), event, context, {fields.begin(), fields.size()}};
  if (spec.per_second > 0) {
    const auto second =
        std::chrono::floor<std::chrono::seconds>(clock_.steady_now().time_since_epoch());
    const SiteLimits::Verdict verdict = limits_.ask(site, spec.per_second, second.count());
    if (!verdict.write) return dropped_.with("rate_limited").add();
    record.suppressed = verdict.suppressed;
  }
  record.fields = fields_.within(record.fields);
  lines_[static_cast<std::size_t>(spec.level())].add();
  if (LogSink* sink = sink_.load()) sink->take(record);
  if (!writer_) return;
  thread_local LineBuffer line;
  line.clear();
  format_->append(line, record);
  writer_->append(line.text());
  if (spec.level() == LogLevel::Critical) {
    (void)writer_->flush(std::chrono::steady_clock::now() + kCriticalFlush);
  }
}

void Logger::set_heartbeat(Heartbeat heartbeat) {
  if (writer_) writer_->set_heartbeat(std::move(heartbeat));
}

void Logger::reopen() {
  if (writer_) writer_->reopen();
}

bool Logger::flush(base::SteadyTime deadline) {
  return !writer_ || writer_->flush(deadline);
}

void Logger::shutdown(base::SteadyTime deadline) {
  if (writer_) writer_->shutdown(deadline);
}

}  // namespace testgen::telemetry
