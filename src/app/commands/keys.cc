// testgen keys: the API keys of a service, in its data folder. Works beside a running service.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "app/terminal.h"
#include "emit/report_layout.h"
#include "service/auth/audit_log.h"
#include "service/auth/key_file.h"
#include "service/data_folder.h"

namespace testgen::app {
namespace {

using base::WallTime;
using service::KeyRecord;

constexpr std::chrono::hours kDay{24};

// Who runs this, for the audit log.
std::string user_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return found->pw_name;
  }
  return "uid " + std::to_string(::getuid());
}

base::Status account_for(const config::Settings& settings, std::string_view action,
                         const KeyRecord& key, WallTime now) {
  const std::filesystem::path file =
      settings.audit_log.empty() ? std::filesystem::path(settings.data) / service::kAuditLogName
                                 : std::filesystem::path(settings.audit_log);
  service::AuditRecord record{.action = action, .outcome = "ok"};
  record.actor = user_name();
  record.key_id = key.id;
  record.role = service::to_string(key.role);
  record.tenant = key.tenant;
  record.detail = key.name;
  TG_TRY(service::append_audit_record(file, record, now));
  return service::give_to_owner(file.parent_path().empty() ? "." : file.parent_path(), file);
}

std::string day_of(WallTime time) {
  return base::format_rfc3339(time).substr(0, 10);
}

std::string limit_of(const KeyRecord& key) {
  if (!key.requests_per_minute) return "";
  return *key.requests_per_minute == 0 ? "none" : std::to_string(*key.requests_per_minute);
}

std::string state_of(const KeyRecord& key, WallTime now) {
  if (key.revoked) return "revoked " + day_of(*key.revoked);
  if (!key.usable(now)) return "expired " + day_of(*key.expires);
  return key.expires ? "until " + day_of(*key.expires) : "usable";
}

std::string table(const std::vector<KeyRecord>& keys, WallTime now) {
  std::vector<std::array<std::string, 7>> rows{
      {"ID", "NAME", "ROLE", "TENANT", "A MINUTE", "CREATED", "STATE"}};
  for (const KeyRecord& key : keys) {
    rows.push_back({key.id, key.name, std::string(service::to_string(key.role)),
                    key.tenant == key.id ? "" : key.tenant, limit_of(key), day_of(key.created),
                    state_of(key, now)});
  }
  std::array<std::size_t, 7> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += emit::pad(row[i], widths[i], emit::Align::Left) + "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

int create(const Keys& action, const service::KeyFile& file, WallTime now) {
  const config::Settings& settings = action.settings;
  service::NewKey wanted{.name = action.name, .tenant = settings.tenant};
  // The settings table has checked the name of the role.
  wanted.role = service::role_from(settings.role).value_or(service::Role::Viewer);
  if (settings.key_days > 0) wanted.expires = now + kDay * settings.key_days;
  if (settings.key_requests_per_minute > 0) {
    wanted.requests_per_minute = settings.key_requests_per_minute;
  }
  const auto created = file.create(wanted, now);
  if (!created) return report_error(created.error());
  // Without an account of it there is no key.
  if (const auto told = account_for(settings, "key.create", created->record, now); !told) {
    const auto undone = file.revoke(created->record.id, now);
    return report_error(undone ? told.error() : undone.error());
  }
  // The key alone is the output, so that a script can take it.
  write_out(STDERR_FILENO,
            fmt::format("testgen: key {} ({}, {}), shown this once; clients send it as\n"
                        "  Authorization: Bearer KEY\n",
                        created->record.id, action.name, settings.role));
  return print(created->key + "\n");
}

int revoke(const Keys& action, const service::KeyFile& file, WallTime now) {
  const auto revoked = file.revoke(action.name, now);
  if (!revoked) return report_error(revoked.error());
  if (const auto told = account_for(action.settings, "key.revoke", *revoked, now); !told) {
    return report_error(told.error());
  }
  return print(fmt::format("{} ({}) is revoked\n", revoked->id, revoked->name));
}

int list(const service::KeyFile& file, WallTime now) {
  const auto keys = file.load();
  if (!keys) return report_error(keys.error());
  if (keys->empty()) {
    write_out(STDERR_FILENO, "testgen: there are no keys; `testgen keys create NAME` makes one\n");
    return kSuccess;
  }
  return print(table(*keys, now));
}

}  // namespace

int keys(const Keys& action) {
  const base::SystemClock clock;
  const service::KeyFile file(action.settings.data);
  const WallTime now = clock.wall_now();
  switch (action.verb) {
    case Keys::Verb::Create:
      return create(action, file, now);
    case Keys::Verb::Revoke:
      return revoke(action, file, now);
    case Keys::Verb::List:
      return list(file, now);
  }
  return kInternal;
}

}  // namespace testgen::app
