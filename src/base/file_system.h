// Files as values and errors: bounded reads, atomic writes, private temporary folders.
// All functions are thread-safe; paths are the caller's to validate.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::base {

// The whole file; TooLarge past `max_bytes`, InvalidInput when it is not a regular file.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::uint64_t max_bytes);

// Writes to a temporary name beside `path`, syncs and renames, so that a reader sees the old
// file or the new one and a full disk leaves the old one whole. Creates parent folders.
[[nodiscard]] Status write_file_atomic(const std::filesystem::path& path, std::string_view content);

// A private folder (mode 0700) under the system's temporary folder, removed on destruction.
class TempDir {
 public:
  [[nodiscard]] static Result<TempDir> create(std::string_view prefix);
  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&& other) noexcept;
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TempDir(std::filesystem::path path) : path_(std::move(path)) {}
  void remove() noexcept;
  std::filesystem::path path_;
};

}  // namespace testgen::base
