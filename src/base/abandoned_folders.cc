#include "base/abandoned_folders.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>

#include "base/unique_fd.h"

namespace testgen::base {
namespace {

namespace fs = std::filesystem;

// The locks of this process, by path. They belong to it and not to any one object: what they say is
// that the process lives.
struct Locks {
  std::mutex mutex;
  std::map<std::string, UniqueFd> held;
};
Locks& locks() {
  static Locks* const all = new Locks;  // outlives every static object that has a folder
  return *all;
}

constexpr std::string_view kRandomPart = ".XXXXXX";

// Names that locked_folder_pattern() makes. Folders of other names may be in use without a lock.
bool has_lock(std::string_view name) {
  return name.size() > kRandomPart.size() && name[name.size() - kRandomPart.size()] == '.';
}

UniqueFd open_folder(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool is_still_there(int fd, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

// Whoever makes a folder locks it, and then looks whether it is still there: so one that was made
// a moment ago is either locked before it is removed here, or made anew.
bool remove_if_abandoned(const std::string& path) {
  const UniqueFd folder = open_folder(path);
  struct stat info {};
  if (!folder || ::fstat(folder.get(), &info) != 0 || info.st_uid != ::geteuid()) return false;
  if (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) return false;
  std::error_code failure;
  fs::remove_all(path, failure);
  return !failure;
}

}  // namespace

Result<std::size_t> remove_abandoned_folders(std::string_view prefix) {
  std::error_code failure;
  const fs::path base = fs::temp_directory_path(failure);
  std::size_t removed = 0;
  if (!failure) {
    for (auto entry = fs::directory_iterator(base, failure);
         !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
      const std::string name = entry->path().filename().string();
      if (!name.starts_with(prefix) || !has_lock(name)) continue;
      if (remove_if_abandoned(entry->path().string())) ++removed;
    }
  }
  if (failure) return system_error("cannot look into the temporary folder", failure.value());
  return removed;
}

Result<bool> lock_folder(const std::string& path) {
  UniqueFd folder = open_folder(path);
  if (!folder) {
    if (errno == ENOENT) return false;
    return system_error("cannot open " + path, errno);
  }
  if (::flock(folder.get(), LOCK_SH | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    return true;  // a file system without locks: nobody takes the folder for abandoned either
  }
  if (!is_still_there(folder.get(), path)) return false;
  Locks& all = locks();
  const std::lock_guard lock(all.mutex);
  all.held.insert_or_assign(path, std::move(folder));
  return true;
}

void unlock_folder(const std::string& path) noexcept {
  Locks& all = locks();
  const std::lock_guard lock(all.mutex);
  all.held.erase(path);
}

std::string locked_folder_pattern(std::string_view prefix) {
  return std::string(prefix) + std::string(kRandomPart);
}

}  // namespace testgen::base
