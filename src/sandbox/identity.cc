#include "sandbox/identity.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bitset>
#include <mutex>
#include <sstream>

#include "base/file_system.h"

namespace testgen::sandbox {
namespace {

// 60706 to 61183 are assigned to nothing by Debian Policy 9.2.2 and systemd's UIDS-GIDS.
constexpr uid_t kFirst = 60800;
constexpr uid_t kCount = 256;
constexpr std::uint64_t kMaxMapBytes = 64ULL << 10U;

class Pool {
 public:
  static Pool& instance() {
    static auto* const pool = new Pool;  // never destroyed: leases may outlive statics
    return *pool;
  }

  base::Result<uid_t> take() {
    const std::lock_guard lock(mutex_);
    for (uid_t tried = 0; tried < kCount; ++tried) {
      const uid_t slot = next_++ % kCount;
      if (used_[slot]) continue;
      used_[slot] = true;
      return kFirst + slot;
    }
    return base::Error{base::ErrorCode::ResourceExhausted, "too many sandboxes run at once",
                       "lower the number of workers"};
  }

  void give_back(uid_t uid) {
    const std::lock_guard lock(mutex_);
    used_[uid - kFirst] = false;
  }

 private:
  std::mutex mutex_;
  std::bitset<kCount> used_;
  // Other testgen processes take from the same ids; starting elsewhere makes sharing unlikely.
  // Where it happens, two trees share one limit on processes and nothing else.
  uid_t next_ = static_cast<uid_t>(::getpid());
};

}  // namespace

Privilege current_privilege() {
  if (::geteuid() != 0) return Privilege::User;
  for (const char* path : {"/proc/self/uid_map", "/proc/self/gid_map"}) {
    const auto map = base::read_file(path, kMaxMapBytes);
    if (map && !maps_leasable_ids(*map)) return Privilege::User;
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  if (::syscall(SYS_capget, &header, data) != 0) return Privilege::RootWithoutMount;
  const bool may_mount = (data[0].effective & (1U << CAP_SYS_ADMIN)) != 0;
  return may_mount ? Privilege::Root : Privilege::RootWithoutMount;
}

bool maps_leasable_ids(std::string_view id_map) {
  std::istringstream lines{std::string(id_map)};
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  while (lines >> inside >> outside >> count) {
    if (inside <= kFirst && inside + count >= kFirst + kCount) return true;
  }
  return false;
}

base::Result<UidLease> UidLease::take() {
  TG_ASSIGN(const uid_t uid, Pool::instance().take());
  return UidLease(uid);
}

void UidLease::GiveBack::operator()(const uid_t* uid) const {
  Pool::instance().give_back(*uid);
  delete uid;
}

bool is_leasable(uid_t uid) {
  return uid >= kFirst && uid < kFirst + kCount;
}

}  // namespace testgen::sandbox
