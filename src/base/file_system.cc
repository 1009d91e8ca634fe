#include "base/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "base/abandoned_folders.h"
#include "base/replace_file.h"
#include "base/unique_fd.h"

namespace testgen::base {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path, std::uint64_t max_bytes) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return system_error("cannot read " + path.string(), errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return system_error("cannot read " + path.string(), errno);
  if (!S_ISREG(info.st_mode)) {
    return Error{ErrorCode::InvalidInput, path.string() + " is not a regular file",
                 S_ISDIR(info.st_mode) ? "name the files in the folder" : ""};
  }
  std::string content;
  std::vector<char> buffer(64 * 1024);
  while (true) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0) {
      if (errno == EINTR) continue;
      return system_error("cannot read " + path.string(), errno);
    }
    if (got == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
    if (content.size() > max_bytes) {
      return Error{
          ErrorCode::TooLarge,
          path.string() + " is larger than the limit of " + std::to_string(max_bytes) + " bytes",
          ""};
    }
  }
}

Status write_file_atomic(const fs::path& path, std::string_view content) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return system_error("cannot create the folder " + folder.string(), code.value());
  return write_beside(path, content, nullptr);
}

Result<TempDir> TempDir::create(std::string_view prefix) {
  std::error_code code;
  const fs::path base = fs::temp_directory_path(code);
  if (code) {
    return Error{ErrorCode::Environment, "there is no usable temporary folder",
                 "set TMPDIR to a writable folder"};
  }
  while (true) {
    std::string pattern = (base / locked_folder_pattern(prefix)).string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      return system_error("cannot create a temporary folder in " + base.string(), errno);
    }
    const auto locked = lock_folder(pattern);
    if (!locked) {
      fs::remove(pattern, code);
      return locked.error();
    }
    if (*locked) return TempDir(pattern);
  }
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::move(other.path_)) {
  other.path_.clear();
}

TempDir& TempDir::operator=(TempDir&& other) noexcept {
  if (this != &other) {
    remove();
    path_ = std::move(other.path_);
    other.path_.clear();
  }
  return *this;
}

TempDir::~TempDir() {
  remove();
}

void TempDir::remove() noexcept {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  unlock_folder(path_.string());
  path_.clear();
}

}  // namespace testgen::base
