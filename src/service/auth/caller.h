// Who sends a request, as far as the service knows. Plain data; holds no secret.
#pragma once

#include <cstdint>
#include <string>

#include "service/auth/role.h"

namespace testgen::service {

struct Caller {
  // The public id of the key; "token" for the configured one; empty where no key is needed.
  std::string key_id;
  // Whose work it sees and owns: jobs, results and cache entries of one tenant are invisible to
  // another. Empty without keys.
  std::string tenant;
  Role role = Role::Viewer;
  // The key's own limit: 0 is none; not set: the service's.
  std::optional<std::uint64_t> requests_per_minute;
};

}  // namespace testgen::service
