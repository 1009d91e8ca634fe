// The file of API keys in the data folder, shared by `testgen keys` and a running service. It
// holds hashes, never keys. A key that was revoked stays listed, so that losing the last one
// does not open the service. Changes are made under a lock of the file's own and appear at once
// or not at all; any number of processes may use it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "service/auth/role.h"

namespace testgen::service {

struct KeyRecord {
  std::string id;      // public; part of the key
  std::string name;    // what people call it
  std::string tenant;  // whose work it sees
  std::string hash;    // of the whole key
  Role role = Role::User;
  base::WallTime created{};
  std::optional<base::WallTime> expires;
  std::optional<base::WallTime> revoked;
  std::optional<std::uint64_t> requests_per_minute;  // 0: no limit; not set: the service's

  [[nodiscard]] bool usable(base::WallTime now) const {
    return !revoked && (!expires || now < *expires);
  }
};

struct NewKey {
  std::string name;
  Role role = Role::User;
  std::string tenant;  // empty: one of its own
  std::optional<base::WallTime> expires;
  std::optional<std::uint64_t> requests_per_minute;
};

class KeyFile {
 public:
  explicit KeyFile(std::filesystem::path data_folder);

  // Empty when there is no file yet. A file that cannot be understood is an error: nothing in
  // it is taken.
  [[nodiscard]] base::Result<std::vector<KeyRecord>> load() const;

  struct Created {
    KeyRecord record;
    std::string key;  // the only time anybody sees it
  };
  // Makes the data folder, too, when it is not there. Conflict when a usable key has the name.
  [[nodiscard]] base::Result<Created> create(const NewKey& wanted, base::WallTime now) const;
  // By id or, where only one usable key has it, by name.
  [[nodiscard]] base::Result<KeyRecord> revoke(const std::string& id_or_name,
                                               base::WallTime now) const;

  [[nodiscard]] const std::filesystem::path& path() const { return file_; }

 private:
  [[nodiscard]] base::Status save(const std::vector<KeyRecord>& keys) const;

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

// Letters, digits and "-_.", at most 64: names end up in logs and file names.
[[nodiscard]] base::Status check_key_name(const std::string& name, std::string_view what);

}  // namespace testgen::service
