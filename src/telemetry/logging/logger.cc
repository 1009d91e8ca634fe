#include "telemetry/logging/logger.h"

#include <unistd.h>

#include "telemetry/logging/format.h"
#include "telemetry/logging/log_writer.h"

namespace testgen::telemetry {
namespace {

// A critical line often is the last one: give it this long to reach the disk.
constexpr std::chrono::milliseconds kCriticalFlush{200};

}  // namespace

std::optional<LogFormat> log_format_from(std::string_view text) {
  if (text == "json") return LogFormat::Json;
  if (text == "pretty") return LogFormat::Pretty;
  return std::nullopt;
}

base::Result<std::unique_ptr<Logger>> Logger::create(const LoggingOptions& options,
                                                     Metrics& metrics, const base::Clock& clock) {
  std::unique_ptr<LogWriter> writer;
  if (options.destination == LogDestination::File) {
    TG_ASSIGN(writer, LogWriter::open(options.file, options.queue_bytes, metrics));
  } else if (options.destination == LogDestination::Stderr) {
    writer = std::make_unique<LogWriter>(STDERR_FILENO, options.queue_bytes, metrics);
  }
  return std::unique_ptr<Logger>(new Logger(options, metrics, clock, std::move(writer)));
}

Logger::Logger(const LoggingOptions& options, Metrics& metrics, const base::Clock& clock,
               std::unique_ptr<LogWriter> writer)
    : format_(options.format),
      color_(options.color),
      level_(options.level),
      metrics_(metrics),
      clock_(clock),
      writer_(std::move(writer)) {}

Logger::~Logger() = default;

void Logger::log(LogLevel level, std::string_view message, const SpanContext& context,
                 Fields fields) {
  if (!enabled(level)) return;
  metrics_.log_lines_total.with(to_string(level)).add();
  if (!writer_) return;
  // Kept between calls: a line costs no allocation once the buffer has grown.
  thread_local std::string line;
  line.clear();
  const LogRecord record{clock_.wall_now(), level, message, context, fields};
  if (format_ == LogFormat::Json) {
    append_json_line(line, record);
  } else {
    append_pretty_line(line, record, color_);
  }
  writer_->append(line);
  if (level == LogLevel::Critical) {
    (void)writer_->flush(std::chrono::steady_clock::now() + kCriticalFlush);
  }
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
