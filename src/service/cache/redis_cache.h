// A SharedCache in Redis, over one connection that is made when it is needed and made again when it
// is lost. Each call has a deadline of a fraction of a second; after a failure there are none for
// some seconds, so that a Redis that is down costs requests no time. Thread-safe.
#pragma once

#include <memory>

#include "base/clock.h"
#include "service/cache/redis_address.h"
#include "service/cache/shared_cache.h"

namespace testgen::service {

struct RedisOptions {
  RedisAddress address;
  std::string password;  // a secret; empty: none is asked for
  std::string prefix = "testgen:result:";
  std::chrono::milliseconds deadline{250};  // of one call
  std::chrono::milliseconds pause{5'000};   // after a failure
};

// Connects to nothing yet. `clock` is borrowed.
[[nodiscard]] std::shared_ptr<SharedCache> make_redis_cache(RedisOptions options,
                                                            const base::Clock& clock);

}  // namespace testgen::service
