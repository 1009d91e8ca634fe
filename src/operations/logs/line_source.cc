#include "operations/logs/line_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>

#include "base/check.h"

namespace testgen::operations {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10U;
constexpr int kGzip = 16 + MAX_WBITS;

}  // namespace

// gzip members one after the other, as logrotate and `cat a.gz b.gz` make them.
struct LineSource::Inflater {
  z_stream stream{};
  bool between = true;  // no member has begun, or the last one is over

  Inflater() { TG_CHECK(inflateInit2(&stream, kGzip) == Z_OK); }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // False when the bytes are no gzip.
  bool add(unsigned char* data, std::size_t size, std::string& out) {
    std::array<unsigned char, kChunk> piece;
    stream.next_in = data;
    stream.avail_in = static_cast<uInt>(size);
    while (true) {
      if (between && stream.avail_in > 0) {
        if (inflateReset(&stream) != Z_OK) return false;
        between = false;
      }
      stream.next_out = piece.data();
      stream.avail_out = static_cast<uInt>(piece.size());
      const int state = inflate(&stream, Z_NO_FLUSH);
      out.append(reinterpret_cast<const char*>(piece.data()), piece.size() - stream.avail_out);
      if (state == Z_STREAM_END) {
        between = true;
        if (stream.avail_in == 0) return true;
        continue;
      }
      if (state == Z_BUF_ERROR) return true;  // wants more bytes
      if (state != Z_OK) return false;
      if (stream.avail_in == 0 && stream.avail_out > 0) return true;
    }
  }
};

LineSource::LineSource(std::string path, base::UniqueFd fd)
    : path_(std::move(path)), fd_(std::move(fd)) {}
LineSource::LineSource(LineSource&&) noexcept = default;
LineSource& LineSource::operator=(LineSource&&) noexcept = default;
LineSource::~LineSource() = default;

base::Result<LineSource> LineSource::open(const std::string& path) {
  const int fd = path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                             : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return base::system_error("cannot open " + path, errno);
  base::UniqueFd owned(fd);
  struct stat facts {};
  if (::fstat(fd, &facts) == 0 && S_ISDIR(facts.st_mode)) {
    return base::Error{base::ErrorCode::InvalidInput, path + " is a folder", ""};
  }
  return LineSource(path, std::move(owned));
}

base::Result<bool> LineSource::fill() {
  if (at_ > 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  std::array<unsigned char, kChunk> piece;
  ssize_t got = -1;
  do {
    got = ::read(fd_.get(), piece.data(), piece.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) return base::system_error("cannot read " + path_, errno);
  if (got == 0) {
    if (inflater_ && !inflater_->between) {
      return base::Error{base::ErrorCode::InvalidInput, path_ + " ends in the middle of its gzip",
                         "it may still be being compressed"};
    }
    return false;
  }
  const auto size = static_cast<std::size_t>(got);
  if (!begun_ && size >= 2 && piece[0] == 0x1f && piece[1] == 0x8b) {
    inflater_ = std::make_unique<Inflater>();
  }
  begun_ = true;
  if (!inflater_) {
    buffer_.append(reinterpret_cast<const char*>(piece.data()), size);
  } else if (!inflater_->add(piece.data(), size, buffer_)) {
    return base::Error{base::ErrorCode::InvalidInput, path_ + " is a damaged gzip", ""};
  }
  return true;
}

base::Result<std::optional<std::string>> LineSource::next(bool more_to_come) {
  std::size_t from = at_;
  while (true) {
    const std::size_t end = buffer_.find('\n', from);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(at_, end - at_);
      at_ = end + 1;
      from = at_;
      if (skipping_ || line.size() > kLongest) {
        ++too_long_;
        skipping_ = false;
        continue;
      }
      return std::optional<std::string>(std::move(line));
    }
    if (buffer_.size() - at_ > kLongest) {
      skipping_ = true;
      buffer_.clear();
      at_ = 0;
    }
    const std::size_t kept = buffer_.size() - at_;
    TG_ASSIGN(const bool more, fill());
    from = kept;
    if (more) continue;
    if (more_to_come || (buffer_.empty() && !skipping_)) return std::optional<std::string>();
    std::string line = std::move(buffer_);
    buffer_.clear();
    at_ = 0;
    if (skipping_) {
      ++too_long_;
      skipping_ = false;
      return std::optional<std::string>();
    }
    return std::optional<std::string>(std::move(line));
  }
}

std::size_t LineSource::too_long() const {
  return too_long_;
}

base::Result<bool> LineSource::reopen_if_rotated() {
  if (path_ == "-") return false;
  struct stat ours {};
  struct stat named {};
  if (::fstat(fd_.get(), &ours) != 0) return base::system_error("cannot look at " + path_, errno);
  const off_t place = ::lseek(fd_.get(), 0, SEEK_CUR);
  if (ours.st_size < place) {  // cut short
    ::lseek(fd_.get(), 0, SEEK_SET);
    buffer_.clear();
    at_ = 0;
    return true;
  }
  // Between the renaming and the new file there is none of that name.
  if (::stat(path_.c_str(), &named) != 0) return false;
  if (named.st_ino == ours.st_ino && named.st_dev == ours.st_dev) return false;
  if (ours.st_size > place) return false;  // written to after the renaming: read that first
  const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  // What the old file ended with is a line, whether it had its end or not.
  if (buffer_.size() > at_) buffer_ += '\n';
  fd_ = base::UniqueFd(fd);
  inflater_.reset();
  begun_ = false;
  return true;
}

}  // namespace testgen::operations
