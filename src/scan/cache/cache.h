// Reports kept from one scan to the next: by what a file holds, and by what the file system says
// of it, so that files that did not change are not even read. One file on disk for each set of
// paths, rules and options; written whole under another name, so that runs beside each other
// each see one state. A cache that is damaged or cannot be written is as good as none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "scan/finding.h"

namespace testgen::scan {

struct FileStamp {
  std::uint64_t size = 0;
  std::uint64_t modified = 0;  // nanoseconds, of content or of rights, whichever is later
  std::uint64_t inode = 0;
  bool operator==(const FileStamp&) const = default;
};

// Nothing when the file is not there.
[[nodiscard]] std::optional<FileStamp> stamp_of(const std::filesystem::path& file);

class ScanCache {
 public:
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 20U;  // of the folder

  // `now` in nanoseconds: what changed within the last seconds before it was kept is looked at
  // again, as a clock's tick can hide a change.
  ScanCache(std::filesystem::path folder, std::string_view key, std::uint64_t now);

  // Thread-safe, all of them.
  [[nodiscard]] std::optional<FileReport> find(const std::string& name,
                                               const FileStamp& stamp) const;
  // Of a file that was written again with the same bytes.
  [[nodiscard]] std::optional<FileReport> find(const std::string& name, const FileStamp& stamp,
                                               std::string_view text);
  void keep(const FileReport& report, const FileStamp& stamp, std::string_view text);

  // Writes what this run found or kept, when that is news; drops the oldest files of the folder.
  void save();

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    FileStamp stamp;
    std::uint64_t kept_at = 0;
    std::string_view digest;
    std::string_view report;
  };
  struct Made {
    FileStamp stamp;
    std::string digest;
    std::string report;
  };
  void load();
  void drop_oldest() const;
  [[nodiscard]] static std::optional<FileReport> named(std::string_view bytes,
                                                       const std::string& name);

  std::filesystem::path folder_;
  std::filesystem::path file_;
  std::uint64_t now_;
  std::string text_;  // of the file; entries view it
  std::map<std::string_view, Entry, std::less<>> entries_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, bool> used_;
  std::map<std::string, Made> made_;
};

}  // namespace testgen::scan
