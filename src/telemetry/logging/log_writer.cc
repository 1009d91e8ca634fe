#include "telemetry/logging/log_writer.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "telemetry/background_thread.h"

namespace testgen::telemetry {
namespace {

constexpr int kPollMs = 50;

base::Result<base::UniqueFd> open_log(const std::filesystem::path& file) {
  base::UniqueFd fd(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
  if (!fd) return base::system_error("cannot open the log file " + file.string(), errno);
  return fd;
}

std::size_t line_count(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

bool is_regular(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

}  // namespace

LogWriter::LogWriter(int fd, std::size_t queue_bytes, Metrics& metrics)
    : fd_(fd), queue_bytes_(queue_bytes), metrics_(metrics) {
  start();
}

LogWriter::LogWriter(base::UniqueFd owned, std::filesystem::path file, std::size_t queue_bytes,
                     Metrics& metrics)
    : file_(std::move(file)),
      owned_(std::move(owned)),
      fd_(owned_.get()),
      queue_bytes_(queue_bytes),
      metrics_(metrics) {
  start();
}

base::Result<std::unique_ptr<LogWriter>> LogWriter::open(const std::filesystem::path& file,
                                                         std::size_t queue_bytes,
                                                         Metrics& metrics) {
  TG_ASSIGN(base::UniqueFd fd, open_log(file));
  return std::unique_ptr<LogWriter>(new LogWriter(std::move(fd), file, queue_bytes, metrics));
}

LogWriter::~LogWriter() {
  shutdown(std::chrono::steady_clock::now());
}

void LogWriter::start() {
  // Its signals are blocked, so a dead pipe is EPIPE here and never SIGPIPE to the program.
  thread_ = background_thread("tg-log", [this](const std::stop_token& stop) { run(stop); });
}

void LogWriter::append(std::string_view line) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return drop(1, "closed");
    if (pending_.size() + line.size() > queue_bytes_) return drop(1, "queue_full");
    wake = pending_.empty();
    pending_ += line;
  }
  if (wake) wake_.notify_one();
}

void LogWriter::reopen() {
  {
    const std::lock_guard lock(mutex_);
    reopen_ = true;
  }
  wake_.notify_one();
}

bool LogWriter::flush(base::SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  return written_.wait_until(lock, deadline,
                             [this] { return pending_.empty() && !writing_ && !reopen_; });
}

void LogWriter::shutdown(base::SteadyTime deadline) {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  flush(deadline);
  give_up_.store(true);
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void LogWriter::run(const std::stop_token& stop) {
  std::string lines;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, stop, [this] { return !pending_.empty() || reopen_; });
    if (reopen_ && !file_.empty()) {
      // The old file stays in use when the new one cannot be opened.
      if (auto fresh = open_log(file_)) owned_ = std::move(*fresh);
      fd_ = owned_.get();
    }
    reopen_ = false;
    lines.clear();
    std::swap(lines, pending_);
    writing_ = true;
    lock.unlock();
    write_all(lines);
    lock.lock();
    writing_ = false;
    written_.notify_all();
    if (stop.stop_requested() && pending_.empty()) return;
  }
}

void LogWriter::write_all(std::string_view lines) {
  if (fd_ < 0) return;
  const bool regular = is_regular(fd_);
  while (!lines.empty()) {
    std::size_t size = lines.size();
    if (!regular) {
      // A pipe nobody reads must not hold this thread for ever: write only what poll promises.
      pollfd ready{fd_, POLLOUT, 0};
      const int polled = ::poll(&ready, 1, kPollMs);
      if (give_up_.load()) return drop(line_count(lines), "write_failed");
      if (polled <= 0) continue;
      size = std::min<std::size_t>(size, PIPE_BUF);
    }
    const ssize_t wrote = ::write(fd_, lines.data(), size);
    if (wrote < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return drop(line_count(lines), "write_failed");
    }
    lines.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

void LogWriter::drop(std::size_t lines, std::string_view reason) {
  metrics_.log_lines_dropped_total.with(reason).add(lines);
}

}  // namespace testgen::telemetry
