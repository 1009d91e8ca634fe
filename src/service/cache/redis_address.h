// Where a Redis is: redis://[USER@]HOST[:PORT][/DATABASE]. A password is no part of it, because
// addresses end up in process lists and logs. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::service {

struct RedisAddress {
  std::string host;  // without brackets
  std::uint16_t port = 6379;
  std::string user;  // empty: Redis' default one
  unsigned database = 0;

  bool operator==(const RedisAddress&) const = default;
};

[[nodiscard]] base::Result<RedisAddress> parse_redis_address(std::string_view url);

}  // namespace testgen::service
