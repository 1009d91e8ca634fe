#include "service/auth/key_ring.h"

#include <algorithm>

#include "base/hash.h"
#include "service/auth/api_key.h"

namespace testgen::service {
namespace {

bool same(const KeyRecord& a, const KeyRecord& b) {
  return a.hash == b.hash && a.name == b.name && a.tenant == b.tenant && a.role == b.role &&
         a.expires == b.expires && a.revoked == b.revoked &&
         a.requests_per_minute == b.requests_per_minute;
}

}  // namespace

base::Result<std::unique_ptr<KeyRing>> KeyRing::open(KeyFile file) {
  std::unique_ptr<KeyRing> ring(new KeyRing(std::move(file)));
  TG_TRY(ring->reload());
  return ring;
}

std::shared_ptr<const KeyRing::Keys> KeyRing::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

KeyRing::Answer KeyRing::judge(std::string_view key, base::WallTime now) const {
  const auto id = api_key_id(key);
  if (!id) return {};
  const auto held = keys();
  const auto found = held->find(*id);
  // The id is no secret, so looking it up may take its time; the secret's hash is compared whole,
  // and an unknown id against a hash that no key has.
  static const std::string kNoHash(64, '-');
  const bool right = base::equal_constant_time(api_key_hash(key),
                                               found == held->end() ? kNoHash : found->second.hash);
  if (!right || found == held->end()) return {};
  const KeyRecord& record = found->second;
  const Verdict verdict = record.revoked       ? Verdict::Revoked
                          : record.usable(now) ? Verdict::Good
                                               : Verdict::Expired;
  return {verdict, record};
}

base::Result<bool> KeyRing::reload() {
  std::error_code failure;
  // Keys that were there and whose file is gone: somebody's mistake must not open the door.
  if (any() && !std::filesystem::exists(file_.path(), failure)) {
    return base::Error{base::ErrorCode::NotFound, file_.path().string() + " is gone",
                       "put it back; until then the keys stay as they were"};
  }
  TG_ASSIGN(const std::vector<KeyRecord> read, file_.load());
  auto fresh = std::make_shared<Keys>();
  for (const KeyRecord& record : read) fresh->emplace(record.id, record);
  const std::lock_guard lock(mutex_);
  const bool changed = fresh->size() != keys_->size() ||
                       std::any_of(fresh->begin(), fresh->end(), [&](const auto& entry) {
                         const auto before = keys_->find(entry.first);
                         return before == keys_->end() || !same(before->second, entry.second);
                       });
  if (changed) keys_ = std::move(fresh);
  return changed;
}

bool KeyRing::any() const {
  return !keys()->empty();
}

std::size_t KeyRing::usable(base::WallTime now) const {
  const auto held = keys();
  return static_cast<std::size_t>(std::count_if(
      held->begin(), held->end(), [&](const auto& entry) { return entry.second.usable(now); }));
}

}  // namespace testgen::service
