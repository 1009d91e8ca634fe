#include "telemetry/logging/log_writer.h"

#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "telemetry/background_thread.h"

namespace testgen::telemetry {
namespace {

constexpr int kPollMs = 50;
// What a line may wait for others. A person watching does not notice, and one write of many lines
// costs a fraction of many writes.
constexpr std::chrono::milliseconds kGather{10};
constexpr std::size_t kEnoughBytes = 256U << 10U;  // to write without waiting longer

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

LogWriter::LogWriter(LogFile file, std::size_t queue_bytes, Metrics& metrics)
    : file_(std::move(file)), queue_bytes_(queue_bytes), metrics_(metrics) {
  start();
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
    pending_ += line;
    // Waking costs more than the line: only from sleep, and once when there is enough.
    const bool enough = pending_.size() >= std::min(kEnoughBytes, queue_bytes_ / 2);
    wake = asleep_ || (enough && !hurry_);
    asleep_ = false;
    hurry_ = hurry_ || enough;
  }
  if (wake) wake_.notify_one();
}

void LogWriter::reopen() {
  {
    const std::lock_guard lock(mutex_);
    reopen_ = hurry_ = true;
  }
  wake_.notify_one();
}

bool LogWriter::flush(base::SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  hurry_ = true;
  wake_.notify_one();
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

void LogWriter::on_file_problem(std::function<void(const base::Error&)> callback) {
  const std::lock_guard lock(mutex_);
  on_file_problem_ = std::move(callback);
}

void LogWriter::set_heartbeat(Heartbeat heartbeat) {
  const std::lock_guard lock(mutex_);
  heartbeat_ = std::move(heartbeat);
}

void LogWriter::run(const std::stop_token& stop) {
  std::string lines;
  std::unique_lock lock(mutex_);
  while (true) {
    asleep_ = pending_.empty();
    wake_.wait(lock, stop, [this] { return !pending_.empty() || reopen_; });
    asleep_ = false;
    heartbeat_.beat();
    wake_.wait_for(lock, stop, kGather, [this] { return hurry_; });
    const bool reopening = std::exchange(reopen_, false);
    hurry_ = false;
    lines.clear();
    std::swap(lines, pending_);
    writing_ = true;
    lock.unlock();
    if (reopening && file_) check_file(file_->reopen());
    write_lines(lines);
    lock.lock();
    writing_ = false;
    heartbeat_.idle();
    if (pending_.empty()) hurry_ = false;
    written_.notify_all();
    if (stop.stop_requested() && pending_.empty()) return;
  }
}

void LogWriter::check_file(const base::Status& status) {
  if (!status && on_file_problem_) on_file_problem_(status.error());
}

void LogWriter::write_lines(std::string_view lines) {
  if (lines.empty()) return;
  if (file_) return write_to_file(lines);
  if (fd_ < 0) return;
  // What was torn ends here, so that the next line is a line.
  if (torn_ && write_all(fd_, "\n") == 1) torn_ = false;
  const std::size_t written = write_all(fd_, lines);
  if (written == lines.size()) return;
  torn_ = torn_ || (written > 0 && lines[written - 1] != '\n');
  drop(line_count(lines.substr(written)), "write_failed");
}

void LogWriter::write_to_file(std::string_view lines) {
  while (!lines.empty()) {
    base::Status rotated;
    const std::string_view part = file_->fitting(lines, rotated);
    check_file(rotated);
    const std::size_t written = write_all(file_->fd(), part);
    file_->wrote(written);
    if (written < part.size()) {
      const std::size_t whole = part.substr(0, written).rfind('\n') + 1;  // npos + 1 is 0
      if (written > whole) file_->cut_torn_line(written - whole);
      return drop(line_count(lines.substr(written)), "write_failed");
    }
    lines.remove_prefix(part.size());
  }
}

std::size_t LogWriter::write_all(int fd, std::string_view lines) {
  const bool regular = is_regular(fd);
  std::size_t written = 0;
  while (written < lines.size()) {
    std::size_t size = lines.size() - written;
    if (!regular) {
      // A pipe nobody reads must not hold this thread for ever: write only what poll promises.
      pollfd ready{fd, POLLOUT, 0};
      const int polled = ::poll(&ready, 1, kPollMs);
      heartbeat_.beat();
      if (give_up_.load()) return written;
      if (polled <= 0) continue;
      size = std::min<std::size_t>(size, PIPE_BUF);
    }
    const ssize_t wrote = ::write(fd, lines.data() + written, size);
    if (wrote < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return written;
    }
    written += static_cast<std::size_t>(wrote);
  }
  return written;
}

void LogWriter::drop(std::size_t lines, std::string_view reason) {
  metrics_.log_lines_dropped_total.with(reason).add(lines);
}

}  // namespace testgen::telemetry
