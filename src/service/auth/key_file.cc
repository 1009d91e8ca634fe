#include "service/auth/key_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file_system.h"
#include "base/random.h"
#include "base/unique_fd.h"
#include "service/auth/api_key.h"
#include "service/data_folder.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::WallTime;
using nlohmann::ordered_json;

constexpr std::uint64_t kMaxFileBytes = 16U << 20U;
constexpr std::size_t kMaxNameBytes = 64;
constexpr int kVersion = 1;

std::int64_t to_seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

WallTime from_seconds(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(seconds));
}

ordered_json to_json(const KeyRecord& key) {
  ordered_json out{
      {"id", key.id},         {"name", key.name}, {"role", to_string(key.role)},
      {"tenant", key.tenant}, {"hash", key.hash}, {"created", to_seconds(key.created)}};
  if (key.expires) out["expires"] = to_seconds(*key.expires);
  if (key.revoked) out["revoked"] = to_seconds(*key.revoked);
  if (key.requests_per_minute) out["requests_per_minute"] = *key.requests_per_minute;
  return out;
}

// Nothing when a member is missing or of the wrong kind.
std::optional<KeyRecord> from_json(const ordered_json& value) {
  const auto text = [&](const char* name) {
    return value.contains(name) && value[name].is_string() ? value[name].get<std::string>() : "";
  };
  const auto time = [&](const char* name) -> std::optional<WallTime> {
    if (!value.contains(name) || !value[name].is_number_integer()) return std::nullopt;
    return from_seconds(value[name].get<std::int64_t>());
  };
  if (!value.is_object()) return std::nullopt;
  KeyRecord key;
  key.id = text("id");
  key.name = text("name");
  key.tenant = text("tenant");
  key.hash = text("hash");
  const auto role = role_from(text("role"));
  const auto created = time("created");
  if (key.id.empty() || key.tenant.empty() || key.hash.size() != 64 || !role || !created) {
    return std::nullopt;
  }
  key.role = *role;
  key.created = *created;
  key.expires = time("expires");
  key.revoked = time("revoked");
  // A limit on a key that cannot be read must not turn into no limit.
  for (const char* name : {"expires", "revoked", "requests_per_minute"}) {
    if (value.contains(name) && !value[name].is_number_unsigned()) return std::nullopt;
  }
  if (value.contains("requests_per_minute")) {
    key.requests_per_minute = value["requests_per_minute"].get<std::uint64_t>();
  }
  return key;
}

// Held while the file is read, changed and written back.
Result<base::UniqueFd> lock(const std::filesystem::path& file) {
  const std::string name = file.string() + ".lock";
  base::UniqueFd held(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!held) return base::system_error("cannot open " + name, errno);
  if (::flock(held.get(), LOCK_EX) != 0) return base::system_error("cannot lock " + name, errno);
  return held;
}

}  // namespace

base::Status check_key_name(const std::string& name, std::string_view what) {
  const bool fits = !name.empty() && name.size() <= kMaxNameBytes &&
                    std::all_of(name.begin(), name.end(), [](unsigned char c) {
                      return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
                    });
  if (fits && name.front() != '-' && name.front() != '.') return {};
  return Error{
      ErrorCode::InvalidArgument, "\"" + name + "\" cannot be the name of " + std::string(what),
      "use letters, digits, '-', '_' and '.', at most 64, beginning with a letter or digit"};
}

KeyFile::KeyFile(std::filesystem::path data_folder)
    : folder_(std::move(data_folder)), file_(folder_ / "keys.json") {}

Result<std::vector<KeyRecord>> KeyFile::load() const {
  std::error_code failure;
  if (!std::filesystem::exists(file_, failure) && !failure) return std::vector<KeyRecord>();
  TG_ASSIGN(const std::string text, base::read_file(file_, kMaxFileBytes));
  const auto damaged = [&](const std::string& why) {
    return Error{ErrorCode::InvalidInput, file_.string() + " cannot be understood: " + why,
                 "the file was left as it is: restore it, or move it away and create new keys"};
  };
  const auto document = ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("keys") || !document["keys"].is_array()) {
    return damaged("it is not a list of keys");
  }
  if (document.value("version", 0) != kVersion) {
    return damaged("another version of testgen wrote it");
  }
  std::vector<KeyRecord> keys;
  std::set<std::string> ids;
  for (const auto& value : document["keys"]) {
    auto key = from_json(value);
    if (!key) return damaged("entry " + std::to_string(keys.size() + 1) + " is not a key");
    if (!ids.insert(key->id).second) return damaged("the key " + key->id + " is there twice");
    keys.push_back(*std::move(key));
  }
  return keys;
}

base::Status KeyFile::save(const std::vector<KeyRecord>& keys) const {
  ordered_json document{{"version", kVersion}, {"keys", ordered_json::array()}};
  for (const KeyRecord& key : keys) document["keys"].push_back(to_json(key));
  TG_TRY(base::write_file_atomic(file_, document.dump(2) + "\n"));
  if (::chmod(file_.c_str(), 0600) != 0) {
    return base::system_error("cannot protect " + file_.string(), errno);
  }
  TG_TRY(give_to_owner(folder_, file_));
  return give_to_owner(folder_, file_.string() + ".lock");
}

Result<KeyFile::Created> KeyFile::create(const NewKey& wanted, WallTime now) const {
  TG_TRY(check_key_name(wanted.name, "a key"));
  if (!wanted.tenant.empty()) TG_TRY(check_key_name(wanted.tenant, "a tenant"));
  TG_TRY(make_data_folder(folder_));
  TG_ASSIGN(const base::UniqueFd held, lock(file_));
  TG_ASSIGN(std::vector<KeyRecord> keys, load());
  for (const KeyRecord& key : keys) {
    if (key.name == wanted.name && key.usable(now)) {
      return Error{ErrorCode::Conflict, "there is a key \"" + key.name + "\" already: " + key.id,
                   "take another name, or revoke that one first"};
    }
  }
  Created created;
  KeyRecord& record = created.record;
  record.id = base::random_hex(kApiKeyIdDigits / 2);
  record.name = wanted.name;
  record.role = wanted.role;
  record.tenant = wanted.tenant.empty() ? record.id : wanted.tenant;
  record.created = now;
  record.expires = wanted.expires;
  record.requests_per_minute = wanted.requests_per_minute;
  created.key = make_api_key(record.id);
  record.hash = api_key_hash(created.key);
  keys.push_back(record);
  TG_TRY(save(keys));
  return created;
}

Result<KeyRecord> KeyFile::revoke(const std::string& id_or_name, WallTime now) const {
  std::error_code failure;
  const Error none{ErrorCode::NotFound, "there is no key \"" + id_or_name + "\"",
                   "`testgen keys list` shows them"};
  if (!std::filesystem::exists(file_, failure)) return none;
  TG_ASSIGN(const base::UniqueFd held, lock(file_));
  TG_ASSIGN(std::vector<KeyRecord> keys, load());
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const KeyRecord& key) {
    return key.id == id_or_name || (key.name == id_or_name && key.usable(now));
  });
  if (found == keys.end()) return none;
  if (found->revoked) {
    return Error{ErrorCode::Conflict, "the key " + found->id + " is revoked already", ""};
  }
  found->revoked = now;
  const KeyRecord revoked = *found;
  TG_TRY(save(keys));
  return revoked;
}

}  // namespace testgen::service
