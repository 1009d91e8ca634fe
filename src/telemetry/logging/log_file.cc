#include "telemetry/logging/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace testgen::telemetry {
namespace {

namespace fs = std::filesystem;

// When the file was made, where the file system knows; else its last change, or now.
base::WallTime begun(int fd, base::WallTime now) {
  struct statx info {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_BTIME | STATX_MTIME, &info) != 0) return now;
  const statx_timestamp& time =
      (info.stx_mask & STATX_BTIME) != 0 ? info.stx_btime : info.stx_mtime;
  return base::WallTime(std::chrono::seconds(time.tv_sec));
}

}  // namespace

base::Result<LogFile> LogFile::open(const LogFileOptions& options, const base::Clock& clock) {
  LogFile file(options, clock);
  TG_TRY(file.reopen());
  return file;
}

base::Status LogFile::reopen() {
  base::UniqueFd fd(::open(options_.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
  if (!fd) return base::system_error("cannot open the log file " + options_.path.string(), errno);
  struct stat info {};
  const bool known = ::fstat(fd.get(), &info) == 0;
  size_ = known ? static_cast<std::uint64_t>(info.st_size) : 0;
  begun_ = size_ == 0 ? clock_->wall_now() : begun(fd.get(), clock_->wall_now());
  fd_ = std::move(fd);
  return {};
}

std::string_view LogFile::fitting(std::string_view lines, base::Status& rotated) {
  const bool too_old =
      options_.max_age.count() > 0 && size_ > 0 && clock_->wall_now() - begun_ >= options_.max_age;
  const std::size_t first_line = lines.find('\n') + 1;
  const bool full = options_.max_bytes > 0 && size_ > 0 && size_ + first_line > options_.max_bytes;
  if (too_old || full) rotated = rotate();
  if (options_.max_bytes == 0) return lines;
  // A rotation that failed must not stop the log: it then grows.
  const std::uint64_t room = options_.max_bytes > size_ ? options_.max_bytes - size_ : lines.size();
  if (lines.size() <= room) return lines;
  const std::size_t last = lines.substr(0, room).rfind('\n');
  return lines.substr(0, last == std::string_view::npos ? first_line : last + 1);
}

void LogFile::cut_torn_line(std::size_t bytes) {
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0 || !S_ISREG(info.st_mode)) return;
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size < bytes || ::ftruncate(fd_.get(), static_cast<off_t>(size - bytes)) != 0) return;
  size_ = size - bytes;
}

fs::path LogFile::rotated_name(unsigned number) const {
  return options_.path.string() + "." + std::to_string(number);
}

base::Status LogFile::rotate() {
  std::error_code ignored;
  for (unsigned number = std::max(options_.keep, 1U); number > 1; --number) {
    fs::rename(rotated_name(number - 1), rotated_name(number), ignored);  // may not be there yet
  }
  std::error_code failed;
  if (options_.keep > 0) {
    fs::rename(options_.path, rotated_name(1), failed);
  } else {
    fs::remove(options_.path, failed);
  }
  // Tried again no sooner than after another file's worth of time or bytes.
  size_ = 0;
  begun_ = clock_->wall_now();
  if (failed) {
    return base::system_error("cannot rotate the log file " + options_.path.string(),
                              failed.value());
  }
  return reopen();
}

}  // namespace testgen::telemetry
