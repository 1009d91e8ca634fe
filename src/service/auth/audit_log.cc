#include "service/auth/audit_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "telemetry/logging/redact.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxPending = 4U << 20U;
constexpr std::size_t kMaxText = 512;

base::Result<base::UniqueFd> open_file(const std::filesystem::path& file) {
  base::UniqueFd fd(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return base::system_error("cannot open the audit log " + file.string(), errno);
  return fd;
}

// Whole lines in one call where the system allows: with O_APPEND two processes do not mix them.
base::Status write_lines(int fd, std::string_view lines) {
  while (!lines.empty()) {
    const ssize_t wrote = ::write(fd, lines.data(), lines.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return base::system_error("cannot write the audit log", errno);
    lines.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (::fdatasync(fd) != 0 && errno != EINVAL) {  // EINVAL: a pipe or a device
    return base::system_error("cannot sync the audit log", errno);
  }
  return {};
}

}  // namespace

std::string audit_line(const AuditRecord& record, base::WallTime now) {
  nlohmann::ordered_json line;
  line["time"] = base::format_rfc3339(now);
  line["action"] = record.action;
  line["outcome"] = record.outcome;
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) line[name] = telemetry::redact(base::one_line(text, kMaxText));
  };
  add("actor", record.actor);
  if (!record.key_id.empty()) line["key_id"] = record.key_id;
  add("role", record.role);
  add("tenant", record.tenant);
  add("peer", record.peer);
  add("method", record.method);
  add("endpoint", record.endpoint);
  add("path", record.path);
  if (record.status != 0) line["status"] = record.status;
  add("reason", record.reason);
  add("detail", record.detail);
  add("request_id", record.request_id);
  if (!record.trace_id.empty()) line["trace_id"] = record.trace_id;
  if (record.suppressed > 0) line["suppressed"] = record.suppressed;
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

base::Status append_audit_record(const std::filesystem::path& file, const AuditRecord& record,
                                 base::WallTime now) {
  TG_ASSIGN(const base::UniqueFd fd, open_file(file));
  return write_lines(fd.get(), audit_line(record, now));
}

base::Result<std::unique_ptr<AuditLog>> AuditLog::open(std::filesystem::path file,
                                                       const base::Clock& clock,
                                                       std::function<void(const Error&)> on_loss) {
  TG_ASSIGN(base::UniqueFd fd, open_file(file));
  return std::unique_ptr<AuditLog>(
      new AuditLog(std::move(file), clock, std::move(on_loss), std::move(fd)));
}

AuditLog::AuditLog(std::filesystem::path file, const base::Clock& clock,
                   std::function<void(const Error&)> on_loss, base::UniqueFd fd)
    : file_(std::move(file)),
      clock_(clock),
      on_loss_(std::move(on_loss)),
      fd_(std::move(fd)),
      thread_([this] { run(); }) {}

AuditLog::~AuditLog() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
}

void AuditLog::write(const AuditRecord& record) {
  const std::string line = audit_line(record, clock_.wall_now());
  bool full = false;
  {
    const std::lock_guard lock(mutex_);
    full = pending_.size() + line.size() > kMaxPending;
    if (!full) pending_ += line;
  }
  if (full) {
    on_loss_(Error{ErrorCode::ResourceExhausted, "too many audit records wait for the disk", ""});
    return;
  }
  changed_.notify_one();
}

void AuditLog::reopen() {
  {
    const std::lock_guard lock(mutex_);
    reopen_at_ = pending_.size();
  }
  changed_.notify_one();
}

void AuditLog::run() {
  const auto put = [this](std::string_view lines) {
    if (lines.empty()) return;
    if (const base::Status written = write_lines(fd_.get(), lines); !written) {
      on_loss_(written.error());
    }
  };
  while (true) {
    std::string lines;
    std::optional<std::size_t> again;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_ || reopen_at_ || !pending_.empty(); });
      if (pending_.empty() && !reopen_at_) return;
      lines.swap(pending_);
      again = std::exchange(reopen_at_, std::nullopt);
    }
    const std::string_view all = lines;
    put(all.substr(0, again.value_or(all.size())));
    if (!again) continue;
    auto fresh = open_file(file_);
    if (fresh) {
      fd_ = *std::move(fresh);
    } else {
      on_loss_(fresh.error());  // the old file stays in use
    }
    put(all.substr(*again));
  }
}

}  // namespace testgen::service
