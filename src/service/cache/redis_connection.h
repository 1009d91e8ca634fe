// One connection to a Redis: a command goes out and its reply comes back, or the deadline passes.
// After an error it is of no use any more. One thread at a time.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "service/cache/redis_address.h"
#include "service/cache/resp.h"

namespace testgen::service {

class RedisConnection {
 public:
  // Logged in, and in the address's database.
  [[nodiscard]] static base::Result<RedisConnection> open(const RedisAddress& address,
                                                          const std::string& password,
                                                          base::SteadyTime deadline);
  // A reply that is an error of Redis is an error here.
  [[nodiscard]] base::Result<RedisReply> call(std::initializer_list<std::string_view> words,
                                              base::SteadyTime deadline);

 private:
  RedisConnection(base::UniqueFd socket, std::string name)
      : socket_(std::move(socket)), name_(std::move(name)) {}
  [[nodiscard]] base::Status send_all(std::string_view bytes, base::SteadyTime deadline);
  [[nodiscard]] base::Status log_in(const RedisAddress& address, const std::string& password,
                                    base::SteadyTime deadline);

  base::UniqueFd socket_;
  std::string name_;  // "redis.example.com:6379"
};

}  // namespace testgen::service
