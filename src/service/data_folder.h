// The folder where a service keeps everything, held by one process at a time.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "base/unique_fd.h"

namespace testgen::service {

inline constexpr const char* kAuditLogName = "audit.log";

class DataFolder {
 public:
  // Creates it (mode 0700) if need be and takes its lock; Conflict when another service has it.
  [[nodiscard]] static base::Result<DataFolder> open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path database() const { return path_ / "testgen.db"; }
  [[nodiscard]] std::filesystem::path cache() const { return path_ / "cache"; }
  [[nodiscard]] std::filesystem::path audit_log() const { return path_ / kAuditLogName; }

 private:
  DataFolder(std::filesystem::path path, base::UniqueFd lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  std::filesystem::path path_;
  base::UniqueFd lock_;  // the kernel gives the lock back when the process ends, however it ends
};

// Creates the folder and those above it, and closes it to everybody else.
[[nodiscard]] base::Status make_data_folder(const std::filesystem::path& path);

// A file made by root in a service's folder is given to whom the folder belongs, so that the
// service can use what an administrator made. Nothing happens for other users.
[[nodiscard]] base::Status give_to_owner(const std::filesystem::path& folder,
                                         const std::filesystem::path& file);

// Bytes that an unprivileged process may still write to the disk of this folder.
[[nodiscard]] base::Result<std::uint64_t> free_bytes(const std::filesystem::path& folder);

}  // namespace testgen::service
