// The keys a running service accepts: the key file, held in memory and taken in again when it
// changes. A file that has become unreadable changes nothing. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "service/auth/key_file.h"

namespace testgen::service {

class KeyRing {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<KeyRing>> open(KeyFile file);

  // What a key is worth.
  enum class Verdict { Unknown, Revoked, Expired, Good };
  struct Answer {
    Verdict verdict = Verdict::Unknown;
    std::optional<KeyRecord> record;  // set unless Unknown
  };
  // Takes the same time for any wrong key of the right form.
  [[nodiscard]] Answer judge(std::string_view key, base::WallTime now) const;

  // Reads the file again; true when something is different. On an error the old keys stay.
  [[nodiscard]] base::Result<bool> reload();

  // True once there has been a key: then nobody comes in without one.
  [[nodiscard]] bool any() const;
  [[nodiscard]] std::size_t usable(base::WallTime now) const;
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

 private:
  using Keys = std::unordered_map<std::string, KeyRecord>;  // by id
  explicit KeyRing(KeyFile file) : file_(std::move(file)) {}
  // Shared with the requests that are being judged while the ring changes.
  [[nodiscard]] std::shared_ptr<const Keys> keys() const;

  const KeyFile file_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Keys> keys_ = std::make_shared<const Keys>();
};

}  // namespace testgen::service
