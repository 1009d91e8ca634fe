#include "base/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/random.h"
#include "base/unique_fd.h"

namespace testgen::base {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kUsualRights = 0644;
constexpr mode_t kRights = 07777;

Status write_all(int fd, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return system_error("cannot write " + path.string(), errno);
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// A file of somebody else that only becomes ours would be theirs no longer.
Status make_like(int fd, const struct stat& like, const fs::path& path) {
  struct stat made {};
  if (::fstat(fd, &made) != 0) return system_error("cannot write " + path.string(), errno);
  const bool same_owner = made.st_uid == like.st_uid && made.st_gid == like.st_gid;
  if (!same_owner && ::fchown(fd, like.st_uid, like.st_gid) != 0) {
    return system_error("cannot keep the owner of " + path.string(), errno);
  }
  if (::fchmod(fd, like.st_mode & kRights) != 0) {
    return system_error("cannot keep the rights of " + path.string(), errno);
  }
  return {};
}

}  // namespace

Status write_beside(const fs::path& path, std::string_view content, const struct stat* like) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const fs::path temporary =
      folder / ("." + path.filename().string() + "." + random_hex(6) + ".tmp");
  // What replaces a private file is private from its first byte.
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                     like == nullptr ? kUsualRights : like->st_mode & 0600U));
  if (!fd) return system_error("cannot write in " + folder.string(), errno);

  Status written = write_all(fd.get(), content, path);
  if (written && like != nullptr) written = make_like(fd.get(), *like, path);
  if (written && ::fsync(fd.get()) != 0) {
    written = system_error("cannot sync " + path.string(), errno);
  }
  fd.reset();
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = system_error("cannot replace " + path.string(), errno);
  }
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Status replace_file(const fs::path& path, std::string_view content) {
  std::error_code failure;
  const fs::path real = fs::canonical(path, failure);
  if (failure) return system_error("cannot write " + path.string(), failure.value());
  struct stat like {};
  if (::stat(real.c_str(), &like) != 0) {
    return system_error("cannot write " + path.string(), errno);
  }
  // The folder's rights would do for a rename; what may not be written to is not meant to change.
  if (::access(real.c_str(), W_OK) != 0) {
    return system_error("cannot write " + path.string(), errno);
  }
  return write_beside(real, content, &like);
}

}  // namespace testgen::base
