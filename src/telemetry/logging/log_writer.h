// The thread that writes log lines, and the bounded queue before it. Appending copies the line
// under a short lock and never waits for the disk. Lines that find no room or cannot be written
// are dropped and counted by reason. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "telemetry/metrics/metrics.h"

namespace testgen::telemetry {

class LogWriter {
 public:
  // Writes to `fd` (borrowed; -1: nowhere).
  LogWriter(int fd, std::size_t queue_bytes, Metrics& metrics);
  // Appends to a file, whose name can be opened again after rotation.
  [[nodiscard]] static base::Result<std::unique_ptr<LogWriter>> open(
      const std::filesystem::path& file, std::size_t queue_bytes, Metrics& metrics);
  ~LogWriter();

  void append(std::string_view line);  // with its line feed
  void reopen();
  bool flush(base::SteadyTime deadline);
  void shutdown(base::SteadyTime deadline);

 private:
  LogWriter(base::UniqueFd owned, std::filesystem::path file, std::size_t queue_bytes,
            Metrics& metrics);
  void start();
  void run(const std::stop_token& stop);
  void write_all(std::string_view lines);
  void drop(std::size_t lines, std::string_view reason);

  const std::filesystem::path file_;
  base::UniqueFd owned_;  // writer thread only, once it runs
  int fd_;
  const std::size_t queue_bytes_;
  Metrics& metrics_;

  std::mutex mutex_;
  std::condition_variable_any wake_;     // to the writer
  std::condition_variable_any written_;  // to flush
  std::string pending_;
  bool writing_ = false;
  bool reopen_ = false;
  bool closed_ = false;
  std::atomic<bool> give_up_{false};  // the deadline of shutdown has passed
  std::jthread thread_;               // last: it uses everything above
};

}  // namespace testgen::telemetry
