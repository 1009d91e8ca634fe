// Which user untrusted code runs as. An ordinary user's code keeps that user's id, inside a user
// namespace. Root's code gets an unprivileged id of its own: resource limits on processes do not
// bind root, and root reads every file. Two concurrent runs never share an id, because the
// kernel counts processes by id.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string_view>

#include "base/result.h"

namespace testgen::sandbox {

enum class Privilege {
  User,             // not root, or a root without other users: bubblewrap uses a user namespace
  Root,             // may mount: bubblewrap runs as root, and init drops to the unprivileged id
  RootWithoutMount  // root in a container without CAP_SYS_ADMIN: drops first, then as User
};

// What this process may do; cheap, asks the kernel.
[[nodiscard]] Privilege current_privilege();

// Whether the leasable ids exist under a map as /proc/self/uid_map shows it. In a container
// with a map of one, root cannot become anyone else.
[[nodiscard]] bool maps_leasable_ids(std::string_view id_map);

// An unprivileged user and group id of this process's own, given back on destruction.
class UidLease {
 public:
  // ResourceExhausted when all are in use.
  [[nodiscard]] static base::Result<UidLease> take();

  [[nodiscard]] uid_t uid() const { return *uid_; }
  [[nodiscard]] gid_t gid() const { return *uid_; }

 private:
  struct GiveBack {
    void operator()(const uid_t* uid) const;
  };
  explicit UidLease(uid_t uid) : uid_(new uid_t(uid)) {}
  std::unique_ptr<const uid_t, GiveBack> uid_;
};

// True for the ids that leases are made of, in use or not.
[[nodiscard]] bool is_leasable(uid_t uid);

}  // namespace testgen::sandbox
