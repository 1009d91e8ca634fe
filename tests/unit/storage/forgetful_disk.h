// An SQLite VFS over files in memory that knows what was synced and what was not, so that tests
// can cut the power: after_power_loss() gives a disk that kept everything synced, and of the rest
// what chance left, in whole sectors. It can also stop at a chosen write, sync or truncation, as
// a machine does. Registered under its own name for its life; one test at a time, any threads.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/random.h"

namespace testgen::storage {

class ForgetfulDisk {
 public:
  explicit ForgetfulDisk(std::string name);
  ~ForgetfulDisk();
  ForgetfulDisk(const ForgetfulDisk&) = delete;
  ForgetfulDisk& operator=(const ForgetfulDisk&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  // Operations that changed something so far; the power goes at this one and stays away.
  [[nodiscard]] std::uint64_t changes() const;
  void cut_power_at(std::uint64_t change);
  [[nodiscard]] bool power_is_off() const;
  // Comes back with what was synced, and a random part of what was not.
  void restore_power(base::Random& random);

 private:
  struct Write {
    std::uint64_t at;
    std::string bytes;
    bool truncate = false;
  };
  struct File {
    std::string content;          // as the program sees it
    std::string synced;           // as the disk surely has it
    std::vector<Write> unsynced;  // since then, in order
    bool exists_synced = false;   // its name has reached the disk
  };
  struct Handle;
  struct Methods;
  friend struct Methods;

  [[nodiscard]] bool change_allowed();  // counts it; the caller holds the lock

  const std::string name_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<File>> files_;  // shared with open handles
  std::uint64_t changes_ = 0;
  std::uint64_t cut_at_ = UINT64_MAX;
  bool off_ = false;
  sqlite3_vfs vfs_{};
};

}  // namespace testgen::storage
