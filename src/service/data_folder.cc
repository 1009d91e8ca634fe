#include "service/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

namespace testgen::service {

using base::Error;
using base::ErrorCode;
using base::Result;

Result<DataFolder> DataFolder::open(const std::filesystem::path& path) {
  TG_TRY(make_data_folder(path));
  const std::filesystem::path file = path / "lock";
  base::UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return base::system_error("cannot open " + file.string(), errno);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return Error{ErrorCode::Conflict, path.string() + " is in use by another testgen service",
                   "stop it, or give this one its own --data DIR"};
    }
    return base::system_error("cannot lock " + file.string(), errno);
  }
  return DataFolder(path, std::move(lock));
}

base::Status make_data_folder(const std::filesystem::path& path) {
  if (path.empty()) {
    return Error{ErrorCode::InvalidArgument, "the data folder has no name", "give --data DIR"};
  }
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) return base::system_error("cannot create " + path.string(), code.value());
  // Posted sources and results are nobody else's business.
  if (::chmod(path.c_str(), 0700) != 0) {
    return base::system_error("cannot protect " + path.string(), errno);
  }
  return {};
}

base::Status give_to_owner(const std::filesystem::path& folder, const std::filesystem::path& file) {
  if (::geteuid() != 0) return {};
  struct stat owner {};
  if (::stat(folder.c_str(), &owner) != 0) {
    return base::system_error("cannot look at " + folder.string(), errno);
  }
  if (::lchown(file.c_str(), owner.st_uid, owner.st_gid) != 0) {
    return base::system_error("cannot give " + file.string() + " to its owner", errno);
  }
  return {};
}

Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) {
  struct statvfs info {};
  if (::statvfs(folder.c_str(), &info) != 0) {
    return base::system_error("cannot ask for the free space of " + folder.string(), errno);
  }
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

}  // namespace testgen::service
