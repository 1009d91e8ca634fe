// Where log records leave the process besides the log itself, such as an OTLP exporter.
#pragma once

#include "telemetry/logging/log_record.h"

namespace testgen::telemetry {

class LogSink {
 public:
  virtual ~LogSink() = default;
  // Called on the thread that logs, by several at once. The record is borrowed and its secrets
  // are still in it: what is kept goes through clean_text.h. Must neither block nor log; what
  // finds no room is dropped and counted by the sink.
  virtual void take(const LogRecord& record) = 0;
};

}  // namespace testgen::telemetry
