// Who did what, for those who must account for it: one JSON line an action, only ever appended,
// without secrets and without the bodies of requests. Apart from the log: it has no levels, no
// sampling, and it stays in the data folder. Thread-safe.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace testgen::service {

struct AuditRecord {
  std::string_view action;   // "request", "key.create", "configuration.reload" …
  std::string_view outcome;  // "ok", "refused", "failed"
  // Only those that are set appear, in this order.
  std::string actor;   // who ran a command: a user of this machine
  std::string key_id;  // whose key
  std::string role;
  std::string tenant;
  std::string peer;  // address
  std::string method;
  std::string endpoint;  // the route's template
  std::string path;
  int status = 0;
  std::string reason;  // why not
  std::string detail;
  std::string request_id;
  std::string trace_id;
  std::uint64_t suppressed = 0;  // like records before this one that were not written
};

// With its line feed. Texts are cut at some length, and what looks like a secret is hidden.
[[nodiscard]] std::string audit_line(const AuditRecord& record, base::WallTime now);

// For a command that runs once: the record is on disk when it returns.
[[nodiscard]] base::Status append_audit_record(const std::filesystem::path& file,
                                               const AuditRecord& record, base::WallTime now);

class AuditLog {
 public:
  // `clock` is borrowed. The callback hears of records that could not be written, on this
  // object's thread or on one that writes.
  [[nodiscard]] static base::Result<std::unique_ptr<AuditLog>> open(
      std::filesystem::path file, const base::Clock& clock,
      std::function<void(const base::Error&)> on_loss);
  // Writes what it has first.
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // Returns at once; one thread writes and syncs.
  void write(const AuditRecord& record);
  // Opens the file's name again, after it was rotated away.
  void reopen();

 private:
  AuditLog(std::filesystem::path file, const base::Clock& clock,
           std::function<void(const base::Error&)> on_loss, base::UniqueFd fd);
  void run();

  const std::filesystem::path file_;
  const base::Clock& clock_;
  const std::function<void(const base::Error&)> on_loss_;
  base::UniqueFd fd_;  // of the thread

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string pending_;
  std::optional<std::size_t> reopen_at_;  // what is pending from here on belongs into a new file
  bool closing_ = false;
  std::jthread thread_;
};

}  // namespace testgen::service
