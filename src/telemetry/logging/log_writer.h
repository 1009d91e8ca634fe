// The thread that writes log lines, and the bounded queue before it. Appending copies the line
// under a short lock and never waits for the disk. The thread waits a moment for company before
// it writes, so that a busy program pays one system call for hundreds of lines. Lines that find
// no room or cannot be written are dropped and counted by reason. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "telemetry/health/heartbeat.h"
#include "telemetry/logging/log_file.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

class LogWriter {
 public:
  // Writes to `fd` (borrowed; -1: nowhere).
  LogWriter(int fd, std::size_t queue_bytes, Metrics& metrics);
  LogWriter(LogFile file, std::size_t queue_bytes, Metrics& metrics);
  ~LogWriter();

  void append(std::string_view line);  // with its line feed
  void reopen();
  // Waits until everything appended so far is written, or the deadline; true when it is.
  bool flush(base::SteadyTime deadline);
  void shutdown(base::SteadyTime deadline);

  // Called on the writer's thread when a file cannot be opened again or rotated. Both must be set
  // before there is anything to write.
  void on_file_problem(std::function<void(const base::Error&)> callback);
  // Beats while there is something to write.
  void set_heartbeat(Heartbeat heartbeat);

 private:
  void start();
  void run(const std::stop_token& stop);
  void write_lines(std::string_view lines);
  void write_to_file(std::string_view lines);
  // How many of the bytes were written; all of them, or errno says why not.
  std::size_t write_all(int fd, std::string_view lines);
  void check_file(const base::Status& status);
  void drop(std::size_t lines, std::string_view reason);

  std::optional<LogFile> file_;  // writer thread only, once it runs; else fd_
  const int fd_ = -1;
  const std::size_t queue_bytes_;
  Metrics& metrics_;
  bool torn_ = false;  // the last write ended inside a line

  std::mutex mutex_;
  std::condition_variable_any wake_;     // to the writer
  std::condition_variable_any written_;  // to flush
  std::string pending_;
  bool asleep_ = false;  // the writer waits for a first line
  bool hurry_ = false;   // and must not wait for more
  bool writing_ = false;
  bool reopen_ = false;
  bool closed_ = false;
  std::function<void(const base::Error&)> on_file_problem_;
  Heartbeat heartbeat_;
  std::atomic<bool> give_up_{false};  // the deadline of shutdown has passed
  std::jthread thread_;               // last: it uses everything above
};

}  // namespace testgen::telemetry
